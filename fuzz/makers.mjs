/** An error of a program; told by its number. */
export class Failure extends Error {
  constructor(n) {
    super(`E${n}`);
  }
}

/** What a program may yield, await, return, throw or iterate: values that behave in every way. */
export class Makers {
  /** How a value is written down. Messages of the engine's own errors name functions, so they are not. */
  name(value) {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
      return String(value);
    }
    const label = this.objects.get(value);
    if (label !== undefined) return label;
    if (value instanceof Failure || value.hook !== undefined) return value.message;
    if (value instanceof Error) return value.code ?? value.constructor.name;
    if (this.ids.has(value)) return `gen${this.ids.get(value)}`;
    if (Array.isArray(value)) return `[${value.map((item) => this.name(item))}]`;
    if (value === globalThis) return 'global';
    if (value instanceof Promise) return 'promise';
    if (typeof value === 'function') return 'function';
    const shown = Object.keys(value).map((key) => `${key}: ${this.name(value[key])}`);
    return `{${shown.join(', ')}}`;
  }

  object(n) {
    const object = { n };
    this.objects.set(object, `object${n}`);
    return object;
  }

  /** For a computed key: evaluated when, and how often? */
  key(name) {
    this.log('key', name);
    return { toString: () => (this.log('to key', name), name) };
  }

  boom(n) {
    this.log('boom', n);
    throw new Failure(n);
  }

  resolved(n) {
    return Promise.resolve(n);
  }

  rejected(n) {
    return Promise.reject(new Failure(n));
  }

  async late(n, ticks) {
    for (let i = 0; i <= ticks; i++) await null;
    return n;
  }

  async lateRejected(n, ticks) {
    for (let i = 0; i <= ticks; i++) await null;
    throw new Failure(n);
  }

  thenable(n, how) {
    if (how === 5) {
      const broken = {
        get then() {
          throw new Failure(n);
        },
      };
      this.objects.set(broken, `broken${n}`);
      return broken;
    }
    const then = (resolve, reject) => {
      this.log('then', n);
      if (how === 0) resolve(n);
      if (how === 1) this.late(n, 2).then(resolve);
      if (how === 2) throw new Failure(n);
      if (how === 3) reject(new Failure(n));
      if (how === 4) resolve(this.late(n, 1));
    };
    const thenable = { then };
    this.objects.set(thenable, `thenable${n}`);
    return thenable;
  }

  /** A sync iterator of `values`; the bits of `which` say which of the optional methods it has. */
  sync(n, which, values) {
    let at = 0;
    const iterator = {
      next: (value) => {
        this.log('sync next', n, value);
        if (which & 4 && at === 1) throw new Failure(n);
        return at < values.length ? { value: values[at++], done: false } : { value: n, done: true };
      },
    };
    if (which & 1) iterator.return = (value) => (this.log('sync return', n), { value, done: true });
    if (which & 2)
      iterator.throw = (error) => (this.log('sync throw', n, error), this.#answer(which, n, true));
    return { [Symbol.iterator]: () => iterator };
  }

  /** An async iterator written by hand, that answers in every way the protocol meets. */
  hand(n, which) {
    let left = n % 4;
    const iterator = {
      next: (value) => {
        this.log('hand next', n, value);
        return this.#answer(which >> 2, n, left-- <= 0);
      },
    };
    if (which & 1) {
      iterator.return = (value) => {
        this.log('hand return', n, value);
        return this.#answer(which >> 3, n, which < 24);
      };
    }
    if (which & 2) {
      iterator.throw = (error) => {
        this.log('hand throw', n, error);
        return this.#answer(which >> 3, n, which < 20);
      };
    }
    return { [Symbol.asyncIterator]: () => iterator };
  }

  #answer(how, n, done) {
    const result = { value: done ? `end${n}` : n, done };
    if (how === 1) return Promise.resolve(result);
    if (how === 2) return this.late(0, 1).then(() => result);
    if (how === 3) return { then: (resolve) => (this.log('answer', n), resolve(result)) };
    if (how === 4) return { value: this.resolved(n), done };
    if (how === 5) return this.rejected(n);
    if (how === 6) return this.boom(n);
    if (how === 7) return n;
    return result;
  }
}
