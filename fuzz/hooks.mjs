import { BEHAVE } from './behave.mjs';
import { HOOK_NAMES, Registry } from './model.mjs';

/** How often a run may change hooks from inside a hook, and ask there for a step. */
const MAX_CHANGES = 6;
const MAX_POKES = 100;
const CLEAR = Object.fromEntries(HOOK_NAMES.map((name) => [name, null]));

/** By hook, what the number of a behaviour means. */
export const KINDS = {
  firstiter: ['', '', '', '', '', '', '', 'throw', 'throw', 'change', 'change', ''],
  iter: [
    'same',
    '',
    'replace',
    'late same',
    'late replace',
    'thenable',
    'thenable replace',
    'throw',
    'reject',
    'thenable throw',
    'change',
    'poke return',
  ],
  finalizer: [
    '',
    '',
    '',
    '',
    '',
    'throw',
    'reject',
    'thenable throw',
    'change',
    'change',
    'poke next',
    '',
  ],
  init: ['', '', '', '', '', '', '', '', 'throw', 'change', 'change', ''],
  resume: [
    'same',
    '',
    'async',
    'late',
    'then',
    'throw before',
    'throw after',
    'reject after',
    'twice',
    'never',
    'twice, caught',
    'reject before',
    'late call',
  ],
};
const PASSES = ['', 'same', 'late same', 'thenable', 'async', 'late', 'then', 'twice, caught'];
/** Not in a calm program: they, or a body that they do not wait for, come when they may. */
const HASTY = { iter: ['change', 'poke return'], resume: ['throw after', 'twice'] };

class HookFailure extends Error {
  hook = true;
}

/** The hooks of one run: made from their specification, and each call of one written down. */
export class Hooks {
  #sets = 0;
  #changes = 0;
  #pokes = 0;
  #spare;
  #removals = [];
  #counts = new Map();
  registry = new Registry();
  /** Every generator that a hook was given. */
  seen = new Set();
  closed = false;

  /** @param api the package, or nothing where the model runs */
  constructor(world, spec, { calm, api }) {
    Object.assign(this, { world, spec, calm, api });
    this.#spare = [...spec.spare];
  }

  install() {
    this.#set(this.#build(this.spec.slot));
    for (const set of this.spec.added) this.#add(this.#build(set));
  }

  /** Takes everything out again. */
  remove() {
    this.closed = true;
    this.#set(CLEAR);
    for (const remove of this.#removals) remove();
  }

  /** Labels of the hooks in force, by name. */
  inForce() {
    const entries = Object.entries(this.registry.inForce());
    return Object.fromEntries(
      entries.map(([name, hooks]) => [name, hooks.map(({ label }) => label)]),
    );
  }

  #set(hooks) {
    const expected = this.registry.set(hooks);
    if (!this.api) return;
    const before = this.api.setAsyncGenHooks(hooks);
    const wrong = HOOK_NAMES.filter((name) => before[name] !== expected[name]);
    if (wrong.length > 0) this.world.event({ type: 'wrong', what: `previous ${wrong}` });
  }

  #add(hooks) {
    const ours = this.registry.add(hooks);
    const theirs = this.api?.addAsyncGenHooks(hooks);
    this.#removals.push(() => {
      ours.remove();
      theirs?.remove();
    });
  }

  #build(spec) {
    const set = this.#sets++;
    const built = HOOK_NAMES.map((name) => [name, spec[name] && this.#hook(set, name, spec[name])]);
    return Object.fromEntries(built);
  }

  #hook(set, name, [number, n, m]) {
    const label = `${set}.${name}`;
    const kind = this.#allowed(name, KINDS[name][number] ?? KINDS[name][0]);
    const hook = (gen, ...rest) => {
      const [second] = rest;
      const handle = rest.at(-1);
      if (this.closed) return name === 'resume' ? second() : undefined;
      if (this.api && handle !== this.api.getAsyncGenHandle(gen))
        this.world.event({ type: 'wrong', what: `${label} got another handle` });
      this.seen.add(gen);
      const id = this.world.idOf(gen);
      const count = this.#count(
        name === 'iter' || name === 'resume' ? `${id} ${label}` : label,
        id,
      );
      const acts = count % (m + 1) === n % (m + 1);
      return BEHAVE[name](this, {
        label,
        gen,
        id,
        handle,
        second,
        kind: acts ? kind : KINDS[name][0],
        n,
        m,
      });
    };
    return Object.assign(hook, { label });
  }

  #allowed(name, kind) {
    if (this.spec.pass && !PASSES.includes(kind)) return KINDS[name][0];
    if (this.calm && HASTY[name]?.includes(kind)) return KINDS[name][0];
    return kind;
  }

  /** Calls of a hook are counted for each generator; those that come once count generators. */
  #count(key, id) {
    if (!key.includes(' ')) return id;
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    return count;
  }

  /** Sets, adds or removes hooks, from within a hook. */
  change(n, m) {
    if (this.#changes++ >= MAX_CHANGES) return;
    const spare = this.#spare.shift();
    if (n === 0) this.#set({ [HOOK_NAMES[m % HOOK_NAMES.length]]: null });
    else if (n === 1 && spare) this.#set(this.#build(spare));
    else if (n === 2 && spare) this.#add(this.#build(spare));
    else this.#removals.shift()?.();
  }

  /**
   * State of a generator, and its items. An item counts from the `yield` on, and the step settles
   * a microtask later (27): while steps are pending there is only told whether it is closing.
   */
  stateOf(gen, isPending) {
    if (this.api) this.#checkHandle(gen);
    const handle = this.api ? this.api.getAsyncGenHandle(gen) : gen.handle;
    const { state, isClosing, items } = handle;
    if (!isPending || state === 'closed') return `${state} ${items}`;
    return isClosing ? 'closing' : 'open';
  }

  #checkHandle(gen) {
    const state = this.api.getAsyncGenState(gen);
    const told = this.api.getAsyncGenHandle(gen)?.state;
    if (told !== state)
      this.world.event({
        type: 'wrong',
        what: `its state is ${state}, that of its handle ${told}`,
      });
  }

  mayPoke() {
    return this.#pokes++ < MAX_POKES;
  }

  failure(label, id) {
    return new HookFailure(`${label} failed for ${id}`);
  }
}
