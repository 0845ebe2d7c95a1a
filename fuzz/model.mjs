/**
 * The contract, carried out a second time and in the plainest way, from `docs/contract.md`: numbers in
 * comments are those of its sentences. A step waits here for the one before, and goes to the body
 * only then. That takes more microtasks than the shim, so runs of the model are compared without.
 *
 * A body is native, and tells three things that nobody can know from outside (`$.own`, `$.threw`,
 * `$.left`, see print.mjs): that it returns by itself, what it threw, and the moment of its end.
 */
export const HOOK_NAMES = ['firstiter', 'iter', 'finalizer', 'init', 'resume'];

const none = () => Object.fromEntries(HOOK_NAMES.map((name) => [name, null]));
const given = (hooks) => Object.entries(hooks).filter(([, hook]) => hook !== undefined);
const noop = () => {};
const isThenable = (value) =>
  value !== null &&
  ['object', 'function'].includes(typeof value) &&
  typeof value.then === 'function';

/** `setAsyncGenHooks` and `addAsyncGenHooks`. */
export class Registry {
  slot = none();
  added = [];

  set(hooks) {
    const before = this.slot;
    this.slot = { ...before, ...Object.fromEntries(given(hooks)) };
    return { ...before };
  }

  add(hooks) {
    const set = { ...none(), ...hooks };
    this.added.push(set);
    return { remove: () => void (this.added = this.added.filter((other) => other !== set)) };
  }

  /** The slot first, then the added sets in the order of adding. */
  inForce() {
    const sets = [this.slot, ...this.added];
    const of = (name) => sets.map((set) => set[name]).filter((hook) => hook !== null);
    return Object.fromEntries(HOOK_NAMES.map((name) => [name, of(name)]));
  }
}

const misuse = () => Object.assign(new Error('misuse'), { code: 'ERR_ASYNCGEN_RESUME' });

/** What the program holds instead of `body`. */
export class ModelGenerator {
  #body;
  #registry;
  #report;
  #hooks = null;
  #queue = [];
  #current = null;
  #isAsked = false;
  #isStarted = false;
  #isEnded = false;
  /** How it will end, as far as is known. */
  #outcome = null;
  /** The generator that it reads by `yield*`, and the one that reads it. */
  #inner = null;
  #reader = null;
  /** An `iter` hook failed, and its error is on its way into the body. */
  #isFailing = false;
  /** What the sync iterator of a `yield*` gave last is waited for. */
  #isLateItem = false;
  /** A hook has failed after the sync iterator of a `yield*` had given its result. */
  #hasFailedLate = false;
  items = 0;
  /** The same in all hooks (8). */
  handle = this.#makeHandle();

  constructor(body, registry, report) {
    this.#body = body;
    this.#registry = registry;
    this.#report = report;
    // 9
    for (const hook of registry.inForce().init) hook(this, this.handle);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  next(value) {
    return this.#step('next', value);
  }

  return(value) {
    return this.#step('return', value);
  }

  throw(error) {
    return this.#step('throw', error);
  }

  /** Began while no hook was in force (5): hooks of others do not know it either. */
  get #isQuiet() {
    return this.#hooks !== null && Object.values(this.#hooks).every(({ length }) => length === 0);
  }

  /** 27 */
  get state() {
    if (this.#isEnded) return 'closed';
    if (!this.#isAsked) return 'created';
    if (this.#current === null) return 'suspended';
    return this.isClosing ? 'closing' : 'running';
  }

  get isClosing() {
    const isAsked = this.#queue.some(({ name }) => name === 'return');
    return !this.#isEnded && (isAsked || this.#outcome?.type === 'closed');
  }

  #makeHandle() {
    const gen = this;
    return {
      get state() {
        return gen.state;
      },
      get isClosing() {
        return gen.isClosing;
      },
      get items() {
        return gen.items;
      },
    };
  }

  #step(name, value) {
    if (this.#hooks === null) {
      const errors = this.#start();
      for (const error of errors.slice(1)) this.#report(error);
      // 11: nothing else happens in that step.
      if (errors.length > 0) return Promise.reject(errors[0]);
    }
    try {
      return this.#resume(0, name, value);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** 5, 10: hooks are read once, at the first step, whichever it is. */
  #start() {
    this.#hooks = this.#registry.inForce();
    const errors = [];
    for (const hook of this.#hooks.firstiter) {
      try {
        hook(this, this.handle);
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }

  /** 24 to 26: one step within the `resume` hooks. */
  #resume(at, name, value) {
    const { resume } = this.#hooks;
    if (at === resume.length) return this.#take(name, value);
    let calls = 0;
    let isOver = false;
    let inner;
    const step = () => {
      if (isOver || calls++ > 0) throw misuse();
      inner = this.#resume(at + 1, name, value);
      inner.catch(noop);
      return inner;
    };
    const out = resume[at](this, step, name, this.handle);
    isOver = true;
    if (calls > 0) return out === undefined ? inner : Promise.resolve(out);
    // An async hook throws by rejecting.
    return Promise.resolve(out).then(() => {
      throw misuse();
    });
  }

  #take(name, value) {
    this.#isAsked = true;
    return new Promise((resolve, reject) => {
      this.#queue.push({ name, value, resolve, reject });
      this.#turn();
    });
  }

  /** The next step goes to the body, if none is at work. */
  #turn() {
    if (this.#current !== null || this.#queue.length === 0) return;
    const { name, value } = (this.#current = this.#queue.shift());
    if (this.#isStarted || this.#isEnded || name === 'next') {
      this.#isStarted = true;
      // 18, 20: what comes later, and takes effect, counts.
      if (name === 'return') this.#outcome = { type: 'closed', value };
      this.#hear(this.#body[name](value));
      return;
    }
    // 18, 19: before the body began, which will never run.
    const step = this.#body[name](value);
    this.#end(name === 'return' ? { type: 'closed', value } : { type: 'failed', error: value });
    this.#hear(step);
  }

  #hear(promise) {
    promise.then(
      (result) => (result.done ? this.#settle('resolve', result) : this.#give(result.value)),
      (error) => this.#settle('reject', error),
    );
  }

  #settle(how, result) {
    const step = this.#current;
    this.#current = null;
    step[how](result);
    this.#turn();
  }

  async #give(value) {
    // 15: an inner generator has shown its items to our hooks, too.
    if (this.#inner === null || this.#inner.#isEnded) {
      try {
        ({ value } = await this.#show(value));
      } catch (error) {
        // 14: the step goes on, and is not another one.
        this.#isFailing = true;
        const step = this.#body.throw(error);
        this.#isFailing = false;
        this.#hasFailedLate = false;
        this.#hear(step);
        return;
      }
    }
    this.items++;
    this.#settle('resolve', { value, done: false });
  }

  /** 12, 13, 15. In a box: an async iterable may give a promise as it is. */
  async #show(value) {
    let isLate = this.#isLateItem;
    for (let gen = this; gen !== null; gen = gen.#reader) {
      for (const hook of gen.#hooks.iter) {
        this.#hasFailedLate = isLate;
        let out = hook(gen, value, gen.handle);
        if (isThenable(out)) {
          this.#hasFailedLate = isLate = true;
          out = await out;
        }
        if (out !== undefined) value = out;
      }
    }
    this.#hasFailedLate = false;
    return { value };
  }

  // What the body tells.

  /** It is about to read `source` by `yield*`; returns what to read. */
  from(source) {
    if (source instanceof ModelGenerator) {
      if (source.#isEnded || source.#isQuiet) return source;
      for (let gen = source; gen !== null; gen = gen.#inner) if (gen === this) return source;
      this.#inner = source;
      source.#reader = this;
      return source;
    }
    if (source === null || source === undefined || this.#hooks.iter.length === 0) return source;
    return this.#withThrow(source);
  }

  /** The `yield*` is over. */
  past() {
    const inner = this.#inner;
    if (inner !== null && inner.#reader === this) inner.#reader = null;
    this.#inner = null;
    this.#isLateItem = false;
  }

  own(value) {
    this.#outcome = { type: 'exhausted', value };
    return value;
  }

  threw(error) {
    this.#outcome = { type: 'failed', error };
  }

  left() {
    this.#end(this.#outcome);
  }

  /** 16 to 20, 22, 23 */
  #end(outcome) {
    this.#isEnded = true;
    for (const hook of this.#hooks.finalizer) {
      try {
        const out = hook(this, outcome, this.handle);
        if (isThenable(out)) Promise.resolve(out).catch(this.#report);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  /**
   * 14: an iterator without `throw()` is closed, and the error stays that of the hook. (Natively it
   * would be a TypeError of the engine's.) A sync one does not hear of what fails behind its result.
   */
  #withThrow(iterable) {
    const gen = this;
    const opener = (key) => {
      const open = iterable[key];
      if (typeof open !== 'function') return open;
      return () => {
        const iterator = Reflect.apply(open, iterable, []);
        return Object(iterator) === iterator ? reads(iterator, key) : iterator;
      };
    };
    const reads = (iterator, key) => {
      const method = (name) => {
        if (name === 'throw' && gen.#isFailing && gen.#hasFailedLate && key === Symbol.iterator)
          return (error) => ({ done: false, value: Promise.reject(error) });
        const step = iterator[name];
        if ((step !== undefined && step !== null) || name !== 'throw' || !gen.#isFailing) {
          return typeof step === 'function' ? (...args) => noted(step.apply(iterator, args)) : step;
        }
        return key === Symbol.iterator ? failSync : fail;
      };
      const noted = (result) => {
        const of =
          Object(result) === result ? Reflect.getOwnPropertyDescriptor(result, 'value') : {};
        const value = of?.value;
        gen.#isLateItem = key === Symbol.iterator && Object(value) === value && 'then' in value;
        return result;
      };
      const close = () => iterator.return?.();
      const failSync = (error) => {
        close();
        throw error;
      };
      const fail = async (error) => {
        await close();
        throw error;
      };
      return {
        next: method('next'),
        get return() {
          return method('return');
        },
        get throw() {
          return method('throw');
        },
      };
    };
    return {
      get [Symbol.asyncIterator]() {
        return opener(Symbol.asyncIterator);
      },
      get [Symbol.iterator]() {
        return opener(Symbol.iterator);
      },
    };
  }
}
