import { Makers } from './makers.mjs';

/** Ticks without an event after which a program is taken to be at rest (or hung). */
const IDLE = 100;
const MAX_TICKS = 20_000;
const MAX_GENERATORS = 24;
const METHODS = ['next', 'return', 'throw'];
const noop = () => {};

/**
 * What programs see as `$`, and what they leave behind.
 *
 * `record` is the one list of all that happened, each entry with the number of the microtask tick
 * in which it did: a chain of promises runs beside the program and counts. It is equal for two runs
 * only if all interleaving is.
 *
 * With `spy` the steps of each generator are watched too, those of `yield*` and `for await`
 * included, and what happened goes into `streams` (one for each subject, without ticks) and
 * `events` (one list, for the monitor).
 */
export class World extends Makers {
  #reshaped = [];

  /** Made with one evaluation of a batch; each run begins with this. */
  begin({ spy = false, wrap = (gen) => gen, hooks = null } = {}) {
    for (const restore of this.#reshaped.splice(0).reverse()) restore();
    Object.assign(this, { spy, wrap, hooks });
    this.tick = 0;
    this.touched = 0;
    this.open = new Set();
    this.record = [];
    this.streams = new Map();
    this.events = [];
    this.gens = [];
    this.ids = new WeakMap();
    this.idCount = 0;
    this.steps = 0;
    this.fuel = MAX_GENERATORS;
    /** Who reads a generator by `yield*`; those that others step have steps that are pending. */
    this.readers = new Map();
    this.direct = new Map();
    this.isContested = false;
    this.objects = new Map();
    this.self = { self: true };
    this.objects.set(this.self, 'self');
  }

  log(...parts) {
    this.note('hooks and bodies', parts.map((part) => this.name(part)).join(' '));
  }

  note(stream, text) {
    this.touched = this.tick;
    if (!this.spy) {
      this.record.push(`${this.tick} ${text}`);
      return;
    }
    const entries = this.streams.get(stream);
    if (entries === undefined) this.streams.set(stream, [text]);
    else entries.push(text);
  }

  event(event) {
    this.touched = this.tick;
    this.events.push(event);
  }

  /** Makes a generator by `call`, which gets the holder that its body knows it by. */
  mk(call) {
    if (this.isOutOfFuel) return [];
    this.fuel--;
    const holder = { g: null };
    const inForce = this.hooks?.inForce();
    const gen = this.wrap(call(holder));
    holder.g = gen;
    this.gens.push(gen);
    const id = this.idOf(gen);
    if (this.spy) this.event({ type: 'made', gen: id, inForce });
    if (this.spy) this.#watch(gen);
    return gen;
  }

  get isOutOfFuel() {
    return this.fuel <= 0;
  }

  idOf(gen) {
    let id = this.ids.get(gen);
    if (id === undefined) this.ids.set(gen, (id = this.idCount++));
    return id;
  }

  /** The first thing that a body does. */
  enter(holder, label, self, count) {
    const id = this.idOf(holder.g);
    if (this.spy) this.event({ type: 'enter', gen: id });
    this.log('enter', label, id, this.name(self), count);
  }

  /** Each operand of a `yield*`. */
  from(holder, source) {
    if (!this.spy) return source;
    const id = this.ids.get(source);
    if (id !== undefined && this.gens.includes(source)) {
      this.isContested ||= this.readers.has(id) || this.direct.get(id) > 0;
      this.readers.set(id, this.idOf(holder.g));
      this.event({ type: 'from', gen: id });
    }
    return holder.g.from?.(source) ?? source;
  }

  /** Each operand of a `for await`. Its steps are those of a loop: nobody sees when they settle. */
  over(source) {
    if (!this.gens.includes(source)) return source;
    const id = this.ids.get(source);
    this.isContested ||= this.readers.has(id);
    this.direct.set(id, (this.direct.get(id) ?? 0) + 1);
    return source;
  }

  // What bodies tell the model.

  own(holder, value) {
    return holder.g.own(value);
  }

  threw(holder, error) {
    holder.g.threw(error);
  }

  left(holder) {
    holder.g.left();
  }

  past(holder) {
    holder.g.past();
  }

  peer(n, known = this.gens.length) {
    return this.gens[n % known];
  }

  /** One step, its result written down; what it returns may be awaited. */
  step(gen, name, value) {
    if (Array.isArray(gen)) return undefined;
    const n = this.steps++;
    if (typeof gen[name] !== 'function') return this.note('', `no ${name}`);
    if (!this.spy) this.note('', `${this.name(gen)}.${name} #${n}`);
    this.open.add(n);
    // Who steps what another one reads takes items away from it.
    const id = this.idOf(gen);
    this.isContested ||= this.readers.has(id);
    this.direct.set(id, (this.direct.get(id) ?? 0) + 1);
    const promise = gen[name](value);
    const settled = (how) => (result) => {
      this.open.delete(n);
      this.direct.set(id, this.direct.get(id) - 1);
      if (!this.spy) this.note('', `#${n} ${how} ${this.name(result)}`);
    };
    promise.then(settled('gave'), settled('failed'));
    return promise;
  }

  /** What must look the same from outside; generators of the model do not. */
  look(fn, gen, isOther) {
    if (this.spy) return;
    const isAsyncGenerator =
      Object.getPrototypeOf(fn) === Object.getPrototypeOf(async function* () {});
    this.log('look', fn.name, fn.length, typeof fn.prototype, isAsyncGenerator, isOther);
    // A pair shows the source's text by a `toString` of its own: a limit that the docs name.
    const keys = Reflect.ownKeys(fn).filter((key) => key !== 'toString');
    this.log(keys.join(), typeof gen === 'object' && gen instanceof fn);
    if (gen) this.log(String(gen), 'next' in gen, Object.keys(gen).length);
  }

  /** Gives the generators of `fn` another prototype, until the next run. */
  reshape(fn, how) {
    if (this.spy) return;
    const { prototype } = fn;
    const frozen = Object.freeze(Object.create(prototype));
    const shapes = [{ plain: true }, null, 1, frozen, Object.freeze(prototype)];
    this.#reshaped.push(() => void (fn.prototype = prototype));
    fn.prototype = shapes[how];
    this.log('reshaped', how, fn.prototype === shapes[how]);
  }

  get isIdle() {
    return this.tick - this.touched > IDLE;
  }

  /** Runs `drive` and the ticker beside it until both are done and nothing happens any more. */
  async run(drive) {
    let done = false;
    drive().then(
      () => void (done = true),
      (error) => void (done = this.note('', `driver failed ${error?.stack}`)),
    );
    while (!(done !== false && this.isIdle) && this.tick < MAX_TICKS) {
      await null;
      this.tick++;
    }
    // Unhandled rejections are told once the microtasks are through.
    await new Promise((resolve) => setImmediate(resolve));
  }

  #watch(gen) {
    const id = this.idOf(gen);
    let count = 0;
    let depth = 0;
    let pending = 0;
    let isQuiet;
    let isResumed;
    const noteState = (when) => {
      const state = this.hooks && !isQuiet ? this.hooks.stateOf(gen, pending > 0) : '';
      this.event({ type: 'state', gen: id, state, pending, when });
      this.note(`${id} state`, `${when} ${state}`);
    };
    for (const name of METHODS) {
      const method = gen[name];
      const watched = (value) => {
        const step = count++;
        const inForce = this.hooks?.inForce();
        // Began while no hook was in force: nobody knows anything of it.
        isQuiet ??= inForce && Object.values(inForce).every(({ length }) => length === 0);
        isResumed ??= inForce && inForce.resume.length > 0;
        this.event({ type: 'call', gen: id, step, name, inForce });
        // An error of an `iter` hook may be thrown into what is read by `yield*`.
        if (!isQuiet) this.note(`${id} calls`, `${step} ${name} ${this.name(value)}`);
        pending++;
        const open = `${id} ${step}`;
        this.open.add(open);
        // A step asked for from inside another one: its promise is seen before the outer one's.
        const settles = `${id} settles${depth > 0 ? ', inside' : ''}`;
        depth++;
        let promise;
        try {
          promise = Reflect.apply(method, gen, [value]);
        } catch (error) {
          this.event({ type: 'thrown', gen: id, step, error: this.name(error) });
          throw error;
        } finally {
          depth--;
          this.event({ type: 'leave', gen: id, step });
        }
        noteState(`called ${step}`);
        const settle = (ok, result) => {
          this.open.delete(open);
          pending--;
          if (!ok || result.done) this.readers.delete(id);
          const { done, value } = ok ? result : {};
          const error = ok ? undefined : result;
          this.event({
            type: 'settle',
            gen: id,
            step,
            name,
            ok,
            done,
            value: this.name(value),
            error,
          });
          if (!isQuiet)
            this.note(settles, `${step} ${ok ? 'gave' : 'failed'} ${this.name(result)}`);
          // Where a hook answers for the step, that of the body may be at work (25).
          // Of a step and one asked for inside of it, either may be seen last.
          if (pending === 0 && !isResumed) noteState('settled');
        };
        promise
          .then(
            (result) => settle(true, result),
            (error) => settle(false, error),
          )
          .catch(noop);
        return promise;
      };
      Object.defineProperty(gen, name, { value: watched, configurable: true });
    }
  }
}
