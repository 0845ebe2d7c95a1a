import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { createRequire } from 'node:module';
import { STORES } from './print.mjs';

const load = createRequire(import.meta.url);

/** What the programs of one side have in common: the stores, and what was read wrongly. */
export class World {
  #stores = Array.from({ length: STORES }, () => new AsyncLocalStorage());
  #values = 0;
  #pending = [];
  reads = 0;
  /** How many programs have read something else than the rule has, by their number. */
  wrong = new Map();

  /**
   * Runs the tasks of one program at the same time, each in a context of its own, until nothing of
   * it is pending.
   */
  async run(number, code) {
    const api = this.#api(number);
    const tasks = new Function(...Object.keys(api), code)(...Object.values(api));
    const outside = Array.from({ length: STORES }, () => undefined);
    this.#pending = tasks.map((task, i) =>
      i === 0 ? task(outside) : api.within(outside, i % STORES, task),
    );
    while (this.#pending.length > 0) await Promise.allSettled(this.#pending.splice(0));
  }

  #api(number) {
    const stores = this.#stores;
    const see = (cx) => {
      this.reads++;
      const isRight = stores.every((store, i) => store.getStore() === cx[i]);
      if (!isRight) this.wrong.set(number, (this.wrong.get(number) ?? 0) + 1);
    };
    const quiet = (step) =>
      step.then(
        () => {},
        () => {},
      );
    return {
      see,
      quiet,
      later: (step) => void this.#pending.push(quiet(step)),
      within: (cx, i, fn) => {
        const value = ++this.#values;
        return stores[i].run(value, fn, cx.with(i, value));
      },
      tick: async () => {},
      turn,
      thenable: () => ({ then: (resolve) => queueMicrotask(() => resolve(1)) }),
      foreign: (cx) => foreign(cx, see),
      load,
    };
  }
}

/** An iterator that nobody has compiled: its steps are those of the generator around it. */
function foreign(cx, see) {
  let given = 0;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      see(cx);
      return { done: given === 2, value: given++ };
    },
    async return(value) {
      see(cx);
      return { done: true, value };
    },
  };
}
