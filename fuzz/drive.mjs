import { makeValue } from './print-values.mjs';

const STEPS = ['next', 'return', 'throw'];

/**
 * Takes a program through its schedule. In a calm one, a burst of steps goes to one generator, and
 * all have to settle (or hang) before another one is asked.
 */
export async function drive(world, { ops, calm }, callers) {
  let last = null;
  let burst = null;
  // When within a burst a body makes another generator depends on ticks: the next step knows those of before.
  let known = 0;
  const rest = async () => {
    while (world.open.size > 0 && !world.isIdle) await null;
    burst = null;
    // Who hangs now is not waited for again.
    world.open.clear();
    world.touched = world.tick;
    known = world.gens.length;
  };
  const make = (n, shape) => {
    try {
      const gen = callers[n % callers.length](
        ...[[], [1], [undefined, 2], [world.object(9)]][shape],
      );
      world.log('made', gen);
    } catch (error) {
      world.log('not made', error);
    }
    known = world.gens.length;
  };
  make(0, 0);
  for (const [kind, n, m, value] of ops) {
    if (kind === 'make') {
      if (calm) await rest();
      make(n, m);
    }
    if (kind === 'ticks' && !calm) for (let i = 0; i < n; i++) await null;
    if (kind === 'wait' && !calm && last !== null) await soon(world, last);
    if (kind === 'wait' && calm) await rest();
    if (world.gens.length === 0) continue;
    const gen = world.peer(n, calm ? known : undefined);
    if (kind === 'step') {
      if (calm && burst !== gen) await rest();
      burst = gen;
      last = world.step(gen, STEPS[m], makeValue(world, value)) ?? last;
    }
    if (kind === 'consume') {
      if (calm) await rest();
      const consumed = consume(world, gen, m, value);
      if (calm) await soon(world, consumed);
    }
    if (kind === 'wrong' && calm) await rest();
    if (kind === 'wrong') await soon(world, wrong(world, gen, STEPS[m]));
  }
  if (calm) await rest();
}

/** Waits for `promise`, but not for ever. */
function soon(world, promise) {
  let settled = false;
  const settle = () => void (settled = true);
  promise.then(settle, settle);
  return (async () => {
    while (!settled && !world.isIdle) await null;
    world.touched = world.tick;
  })();
}

async function consume(world, gen, limit, leave) {
  const id = world.idOf(gen);
  let taken = 0;
  try {
    for await (const value of world.over(gen)) {
      world.log('consumed', id, value);
      if (taken++ < limit) continue;
      if (leave === 0) break;
      throw new Error('left');
    }
    world.log('consumed all of', id);
  } catch (error) {
    world.log('consuming failed', id, error);
  }
}

/** Natively a step of what is no generator rejects, and does not throw. */
async function wrong(world, gen, name) {
  const method = gen[name];
  for (const receiver of world.spy ? [] : [{}, undefined, Object.create(gen)]) {
    try {
      await method.call(receiver);
    } catch (error) {
      world.log('wrong', error);
    }
  }
}
