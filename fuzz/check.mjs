import { drive } from './drive.mjs';
import { Hooks } from './hooks.mjs';
import { HOOK_NAMES, ModelGenerator } from './model.mjs';
import { findBroken, UNSURE } from './monitor.mjs';
import { buildSilent } from './silent.mjs';
import { World } from './world.mjs';

const CLEAR = Object.fromEntries(HOOK_NAMES.map((name) => [name, null]));

/**
 * Runs one case in every way and compares.
 *
 * | run     | code        | hooks      | is compared with                                    |
 * |---------|-------------|------------|-----------------------------------------------------|
 * | native  | as written  | –          |                                                     |
 * | off     | transformed | none       | native: one record, with ticks                      |
 * | silent  | transformed | do nothing | the same, with all hooks but `resume` and `iter`    |
 * | shown   | transformed | do nothing | (plain cases) the same, with `iter`                 |
 * | on      | transformed | in force   | the contract, by the monitor                        |
 * | model   | telling     | the model  | (calm cases) on: each stream                        |
 * | watched | as written  | –          | (calm, hooks that pass through) on: what a program sees |
 *
 * @param loaded `{ native, hooked }`: each `{ world, main }`, the code evaluated in its world.
 * @returns what differs: `{ what, left, right }`, or `null`.
 */
export async function check(testCase, loaded, { api, host }) {
  const { calm, plain, hooks: spec } = testCase;
  const run = async ({ world, main }, options, before = () => {}, after = () => {}) => {
    world.begin(options);
    host.world = world;
    before();
    let callers = [];
    try {
      callers = main();
    } catch (error) {
      world.note('hooks and bodies', `no program: ${world.name(error)}`);
    }
    if (callers.length > 0) await world.run(() => drive(world, testCase, callers));
    after();
    return world;
  };
  const hooked = (target, api, wrap) => {
    const hooks = new Hooks(target.world, spec, { calm, api });
    const options = { spy: true, hooks, wrap: wrap?.(hooks) };
    return run(
      target,
      options,
      () => hooks.install(),
      () => hooks.remove(),
    );
  };

  const native = (await run(loaded.native, {})).record;
  const off = (await run(loaded.hooked, {})).record;
  if (differ(native, off)) return { what: 'native, transformed', left: native, right: off };

  const silent = async (withIter) => {
    const [slot, ...added] = buildSilent(spec, withIter);
    let removals = [];
    const { record } = await run(
      loaded.hooked,
      {},
      () => {
        api.setAsyncGenHooks(slot);
        removals = added.map((set) => api.addAsyncGenHooks(set));
      },
      () => {
        api.setAsyncGenHooks(CLEAR);
        for (const added of removals) added.remove();
      },
    );
    return record;
  };
  const quiet = await silent(false);
  if (differ(native, quiet))
    return { what: 'native, hooks that say nothing', left: native, right: quiet };
  if (plain && !loaded.hooked.world.isOutOfFuel) {
    const shown = await silent(true);
    if (differ(native, shown))
      return { what: 'native, iter hooks that say nothing', left: native, right: shown };
  }

  const on = await hooked(loaded.hooked, api);
  const broken = findBroken(on);
  const streams = flatten(on.streams);
  if (broken !== null)
    return { what: `the contract: ${broken}`, left: show(on.events), right: streams };
  if (!calm) return null;

  const wrap = (hooks) => (body) =>
    new ModelGenerator(body, hooks.registry, (error) =>
      hooks.world.note('reports', hooks.world.name(error)),
    );
  const model = await hooked(loaded.telling, undefined, wrap);
  if (on.isContested || model.isContested) return null;
  const [left, right] = [comparable(model), comparable(on)];
  if (differ(left, right)) return { what: 'the model, hooks on', left, right };

  if (!spec.pass) return null;
  const { streams: all } = await run(loaded.native, { spy: true });
  const known = [...all].filter(([name]) => on.streams.has(name));
  const watched = seen(new Map(known));
  const passed = seen(on.streams);
  return differ(watched, passed)
    ? { what: 'native, hooks that pass through', left: watched, right: passed }
    : null;
}

export const newWorld = () => new World();

const differ = (left, right) =>
  left.length !== right.length || left.some((line, i) => line !== right[i]);

/**
 * Streams one after the other; those that have no order of their own sorted. With `resume`, steps may
 * settle in any order (25); without, the monitor sees to it.
 */
function flatten(streams) {
  const names = [...streams.keys()].sort();
  return names.flatMap((name) => {
    const entries = streams.get(name);
    const ordered = /^reports$|^unhandled$|settles(?:, inside)?$/.test(name)
      ? [...entries].sort()
      : entries;
    return [`== ${name}`, ...ordered];
  });
}

/**
 * What the contract says of a calm run. It does not say whether an error of an `iter` hook goes on
 * in the body within the call of that step (nor, then, which steps a hook asks for inside of it),
 * nor how items are counted by who reads a generator whose `resume` hook answers for its steps.
 */
function comparable({ streams, events }) {
  const isFailing = events.some(({ name, failure }) => name === 'iter' && failure);
  const isAnswered = events.some(({ name, kind }) => name === 'resume' && UNSURE.test(kind));
  const uncounted = (text) => text.replace(/(?<=^\d+\.\w+ of \d+, |\w )\d+(?=: |$)/, 'n');
  const parts = new Map();
  for (const [name, texts] of streams) {
    const isState = name.endsWith(' state');
    let told = texts;
    // Steps of a burst are asked for when those before have settled here, and not yet there.
    if ((isFailing || isAnswered) && isState)
      told = told.filter((text) => !text.startsWith('called '));
    if (isAnswered && (isState || name === 'hooks and bodies')) told = told.map(uncounted);
    if (!isFailing || !/ calls$| settles/.test(name)) {
      parts.set(name, told);
      continue;
    }
    const outside = name.replace(', inside', '');
    const unnumbered = told.map((text) => text.replace(/^\d+ /, ''));
    parts.set(outside, [...(parts.get(outside) ?? []), ...unnumbered].sort());
  }
  return flatten(parts);
}

/** What the program itself sees. */
function seen(streams) {
  const own = new Map(streams);
  for (const name of streams.keys()) if (/resumes|state/.test(name)) own.delete(name);
  const isOwn = (text) => !/^\d+\.\w+ of \d+, /.test(text);
  own.set('hooks and bodies', (own.get('hooks and bodies') ?? []).filter(isOwn));
  return flatten(own);
}

const show = (events) =>
  events.map((event) =>
    JSON.stringify(event, (_, value) => (value instanceof Error ? value.message : value)),
  );
