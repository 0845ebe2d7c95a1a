const noop = () => {};
const isThenable = (value) => typeof value?.then === 'function';

/** What the hooks of a run do, by name. Each writes down its call and, if it can know, its effect. */
export const BEHAVE = {
  init: (hooks, call) => once(hooks, call),
  firstiter: (hooks, call) => once(hooks, call),

  finalizer(hooks, call) {
    const { world } = hooks;
    const { type, value, error } = call.second;
    const outcome = `${type} ${world.name(type === 'failed' ? error : value)}`;
    // The value of a step, and what `return()` was given, by name; an error itself.
    const told = type === 'failed' ? error : world.name(value);
    return once(hooks, call, { shown: outcome, outcome: { type, told } });
  },

  iter(hooks, { label, gen, id, handle, second: given, kind, n }) {
    const { world } = hooks;
    const failure = /throw|reject/.test(kind) ? hooks.failure(label, id) : null;
    // A thenable that a hook returns is awaited, and one may come out of `yield*`.
    const same = isSafe(given) ? given : undefined;
    const gives = /replace/.test(kind) ? `${label}(${world.name(given)})` : same;
    const effect = gives === undefined ? given : gives;
    tell(hooks, {
      name: 'iter',
      label,
      gen: id,
      // Whether a `return()` of the same burst was asked for by then, the contract does not say.
      at: String(handle.items),
      given: world.name(given),
      gives: world.name(effect),
      failure,
    });
    switch (kind) {
      case '':
        return undefined;
      case 'late same':
      case 'late replace':
        return world.late(gives, n);
      case 'thenable':
        return { then: (resolve) => resolve(undefined) };
      case 'thenable replace':
        return { then: (resolve) => resolve(world.late(gives, n)) };
      case 'throw':
        throw failure;
      case 'reject':
        return world.late(0, n).then(() => Promise.reject(failure));
      case 'thenable throw':
        return {
          then() {
            throw failure;
          },
        };
      case 'change':
        hooks.change(n, n);
        return undefined;
      case 'poke return':
        if (!hooks.mayPoke()) return undefined;
        world.isContested ||= world.readers.has(id);
        gen.return(`${label} ends it`);
        return undefined;
      default:
        return gives;
    }
  },

  resume(hooks, { label, gen: _, id, second: step, kind, n }) {
    const { world } = hooks;
    const failure = hooks.failure(label, id);
    const fail = () => {
      throw failure;
    };
    tell(hooks, { name: 'resume', label, gen: id, kind });
    try {
      return resume(world, kind, step, n, fail);
    } finally {
      world.event({ type: 'out', label, gen: id });
    }
  },
};

function resume(world, kind, step, n, fail) {
  const dropped = () => void step().then(noop, noop);
  switch (kind) {
    case '':
      dropped();
      return undefined;
    case 'async':
      return (async () => await step())();
    case 'late':
      return (async () => {
        const result = await step();
        await world.late(0, n);
        return result;
      })();
    case 'then':
      return step().then((result) => result);
    case 'throw before':
      return fail();
    case 'throw after':
      dropped();
      return fail();
    case 'reject after':
      return step().then(fail, fail);
    case 'reject before':
      return (async () => fail())();
    case 'late call':
      return (async () => {
        await null;
        return step();
      })();
    case 'twice':
      dropped();
      return step();
    case 'twice, caught': {
      const result = step();
      try {
        step();
        world.event({ type: 'wrong', what: 'a second step() was taken' });
      } catch (error) {
        if (error.code !== 'ERR_ASYNCGEN_RESUME') throw error;
      }
      return result;
    }
    case 'never':
      return Promise.resolve({ value: 'never', done: false });
    default:
      return step();
  }
}

/** A hook that is called once for each generator. */
function once(hooks, { label, gen, id, handle, kind, n, m }, more = {}) {
  const failure = /throw|reject/.test(kind) ? hooks.failure(label, id) : null;
  tell(hooks, {
    name: label.slice(label.indexOf('.') + 1),
    label,
    gen: id,
    at: `${handle.state} ${handle.items}`,
    failure,
    ...more,
  });
  if (kind === 'throw') throw failure;
  if (kind === 'reject') return hooks.world.late(0, n).then(() => Promise.reject(failure));
  if (kind === 'thenable throw') return { then: (_, reject) => reject(failure) };
  if (kind === 'change') hooks.change(n, m);
  if (kind === 'poke next' && hooks.mayPoke()) gen.next(label);
  return undefined;
}

function tell({ world }, event) {
  world.event({ type: 'hook', ...event });
  const { name, label, gen, at, given = '', shown = '', kind = '' } = event;
  // Where a step waits for its turn, the contract does not say when `resume` meets it.
  if (name === 'resume') world.note(`${gen} resumes`, `${label} ${kind}`);
  else world.note('hooks and bodies', `${label} of ${gen}, ${at}: ${given}${shown}`);
}

/** Whether `value` is no thenable, and tells so without an error. */
function isSafe(value) {
  try {
    return !isThenable(value);
  } catch {
    return false;
  }
}
