/**
 * The hooks contract, written down a second time from DESIGN.md and in the plainest way: every step
 * is an async function that waits for the one before. It takes more microtasks than the shim, so
 * its runs are compared without them.
 */
export const HOOK_NAMES = ['firstiter', 'iter', 'finalizer', 'init', 'resume'];

const none = () => Object.fromEntries(HOOK_NAMES.map((name) => [name, null]));
const given = (hooks) => Object.entries(hooks).filter(([, hook]) => hook !== undefined);
const settled = (promise) =>
  Promise.resolve(promise).then(
    (value) => ({ ok: true, value }),
    (error) => ({ ok: false, error }),
  );
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
  #previous = Promise.resolve();
  #finished = false;
  #closing = false;
  #aborted = false;

  constructor(body, registry, report) {
    this.#body = body;
    this.#registry = registry;
    this.#report = report;
    for (const hook of registry.inForce().init) hook(this);
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

  #step(name, value) {
    if (this.#hooks === null) {
      const errors = this.#start();
      for (const error of errors.slice(1)) this.#report(error);
      if (errors.length > 0) return Promise.reject(errors[0]);
    }
    // The turn is taken before the body runs: it may ask for a step of its own generator.
    const previous = this.#previous;
    let end;
    this.#previous = new Promise((resolve) => (end = resolve));
    const step = this.#settle(name, this.#run(name, value), previous);
    const done = () => end();
    step.then(done, done);
    return step;
  }

  /** Hooks are read once, at the first step, whichever it is. */
  #start() {
    this.#hooks = this.#registry.inForce();
    const errors = [];
    for (const hook of this.#hooks.firstiter) {
      try {
        hook(this);
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }

  /** One step of the body within the `resume` hooks: what it gave, and what they made of it. */
  #run(name, value) {
    const ran = { body: null, out: null };
    const enter = (at) => {
      if (at === this.#hooks.resume.length) {
        const promise = this.#body[name](value);
        ran.body = settled(promise);
        return promise;
      }
      let calls = 0;
      let over = false;
      let inner;
      const out = this.#hooks.resume[at](this, () => {
        if (over || calls++ > 0) throw misuse();
        return (inner = enter(at + 1));
      });
      over = true;
      if (calls === 0) {
        // An async hook throws by rejecting.
        return Promise.resolve(out).then(() => {
          throw misuse();
        });
      }
      return out === undefined ? inner : out;
    };
    try {
      ran.out = settled(enter(0));
    } catch (error) {
      ran.out = Promise.resolve({ ok: false, error });
    }
    return ran;
  }

  async #settle(name, ran, previous) {
    const out = await ran.out;
    const body = await ran.body;
    await previous;
    if (body !== null) this.#observe(name, body);
    if (!out.ok) throw out.error;
    if (out.value.done) return out.value;
    if (this.#aborted) return { value: undefined, done: true };
    return this.#pipe(out.value.value);
  }

  /** The body's own result decides how the generator ended, whatever a `resume` hook made of it. */
  #observe(name, { ok, value, error }) {
    if (!ok) this.#finish({ type: 'failed', error });
    else if (value.done) {
      const type = name === 'return' || this.#closing ? 'closed' : 'exhausted';
      this.#finish({ type, value: value.value });
    } else if (name === 'return') this.#closing = true;
  }

  async #pipe(value) {
    for (const hook of this.#hooks.iter) {
      try {
        let out = hook(this, value);
        if (isThenable(out)) out = await out;
        if (out !== undefined) value = out;
      } catch (error) {
        await this.#abort(error);
        throw error;
      }
    }
    return { value, done: false };
  }

  /** An `iter` hook failed: the body is closed first, whatever the `resume` hooks make of it. */
  async #abort(error) {
    const ran = this.#run('return', undefined);
    const out = await ran.out;
    if (!out.ok) this.#report(out.error);
    let body = await ran.body;
    if (body === null) {
      body = await settled(this.#body.return());
      if (!body.ok) this.#report(body.error);
    }
    this.#closing = true;
    this.#aborted = !body.ok || body.value.done;
    if (this.#aborted) this.#finish({ type: 'failed', error });
  }

  #finish(outcome) {
    if (this.#finished) return;
    this.#finished = true;
    for (const hook of this.#hooks.finalizer) {
      try {
        const out = hook(this, outcome);
        if (isThenable(out)) Promise.resolve(out).catch(this.#report);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
