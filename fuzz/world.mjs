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
  /** Made with one evaluation of a batch; each run begins with this. */
  begin({ spy = false, wrap = (gen) => gen, hooks = null } = {}) {
    Object.assign(this, { spy, wrap, hooks });
    this.tick = 0;
    this.touched = 0;
    this.open = 0;
    this.record = [];
    this.streams = new Map();
    this.events = [];
    this.gens = [];
    this.ids = new WeakMap();
    this.idCount = 0;
    this.steps = 0;
    this.fuel = MAX_GENERATORS;
    this.objects = new Map();
    this.self = { self: true };
  }

  log(...parts) {
    this.note('body', parts.map((part) => this.name(part)).join(' '));
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
    if (this.fuel-- <= 0) return [];
    const holder = { g: null };
    this.hooks?.beforeInit();
    const body = call(holder);
    const gen = this.wrap(body);
    holder.g = gen;
    this.hooks?.afterInit(gen);
    this.gens.push(gen);
    this.idOf(gen);
    if (this.spy) this.#watch(gen);
    return gen;
  }

  idOf(gen) {
    let id = this.ids.get(gen);
    if (id === undefined) this.ids.set(gen, (id = this.idCount++));
    return id;
  }

  /** The first thing that a body does. */
  enter(holder, label) {
    const id = this.idOf(holder.g);
    if (this.spy) this.event({ type: 'enter', gen: id });
    this.log('enter', label, id);
  }

  peer(n) {
    return this.gens[n % this.gens.length];
  }

  /** One step, its result written down; what it returns may be awaited. */
  step(gen, name, value) {
    if (Array.isArray(gen)) return undefined;
    const n = this.steps++;
    if (!this.spy) this.note('', `${this.name(gen)}.${name} #${n}`);
    this.open++;
    const promise = gen[name](value);
    const settled = (how) => (result) => {
      this.open--;
      if (!this.spy) this.note('', `#${n} ${how} ${this.name(result)}`);
    };
    promise.then(settled('gave'), settled('failed'));
    return promise;
  }

  /** What must look the same from outside; generators of the model do not. */
  look(fn, gen) {
    if (this.spy) return;
    const { name, length, prototype } = fn;
    const proto = Object.getPrototypeOf(fn) === Object.getPrototypeOf(async function* () {});
    this.log('look', name, length, typeof prototype, proto, gen instanceof fn);
    this.log(String(gen), 'next' in gen, Object.keys(gen).length, Reflect.ownKeys(fn).join());
  }

  get isIdle() {
    return this.tick - this.touched > IDLE;
  }

  /** Runs `drive` and the ticker beside it until both are done and nothing happens any more. */
  async run(drive) {
    let done = false;
    drive().then(() => void (done = true), (error) => void (done = this.note('', `driver failed ${error?.stack}`)));
    while (!(done !== false && this.isIdle) && this.tick < MAX_TICKS) {
      await null;
      this.tick++;
    }
    // Unhandled rejections are told once the microtasks are through.
    await new Promise((resolve) => setImmediate(resolve));
  }

  #watch(gen) {
    if (Array.isArray(gen)) return;
    const id = this.idOf(gen);
    let count = 0;
    for (const name of METHODS) {
      const method = gen[name];
      const watched = (value) => {
        const step = count++;
        this.event({ type: 'call', gen: id, step, name, inForce: this.hooks?.inForce() });
        this.note(`${id} calls`, `${step} ${name} ${this.name(value)}`);
        this.open++;
        let promise;
        try {
          promise = Reflect.apply(method, gen, [value]);
        } catch (error) {
          this.event({ type: 'thrown', gen: id, step, error: this.name(error) });
          throw error;
        } finally {
          this.event({ type: 'leave', gen: id, step });
        }
        const settle = (ok, result) => {
          this.open--;
          const { done, value } = ok ? result : {};
          const error = ok ? undefined : result;
          this.event({ type: 'settle', gen: id, step, name, ok, done, value: this.name(value), error });
          this.note(`${id} settles`, `${step} ${ok ? 'gave' : 'failed'} ${this.name(result)}`);
        };
        promise.then((result) => settle(true, result), (error) => settle(false, error)).catch(noop);
        return promise;
      };
      Object.defineProperty(gen, name, { value: watched, configurable: true });
    }
  }
}
