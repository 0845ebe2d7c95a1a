/**
 * Prints random programs of async generators and stores. Each function takes `cx`, the values of all
 * stores where it is called: contexts handed on as values are TC39's rule, with no machine behind it.
 *
 *     see(cx)                    asks that each store holds what `cx` has
 *     within(cx, i, fn)          runs `fn` with another value in store `i`, and hands it that context
 *     quiet(step)                waits for a step, and forgets its error
 *     later(step)                the same, and nobody waits here
 *
 * A function calls only those before it, so no program waits for itself.
 *
 * @param {() => number} random numbers from 0 up to 1
 */
export function printProgram(random) {
  return new Printer(random).program();
}

export const STORES = 3;

class Printer {
  #names = 0;

  constructor(random) {
    this.random = random;
  }

  program() {
    const functions = this.times(2, 4, (i) => {
      const body = this.block({ callable: i, isGenerator: true, depth: 2 });
      return `async function* g${i}(cx, x = see(cx)) {\n${body}\n}`;
    });
    const tasks = this.times(1, 2, (i) => {
      const body = this.block({ callable: functions.length, isGenerator: false, depth: 3 });
      return `async function t${i}(cx) {\n${body}\n}`;
    });
    const names = tasks.map((_, i) => `t${i}`);
    return `${[...functions, ...tasks].join('\n')}\nreturn [${names.join(', ')}];`;
  }

  pick(...of) {
    return of[Math.floor(this.random() * of.length)];
  }

  chance(of) {
    return this.random() < of;
  }

  times(least, most, make) {
    const count = least + Math.floor(this.random() * (most - least + 1));
    return Array.from({ length: count }, (_, i) => make(i));
  }

  store() {
    return Math.floor(this.random() * STORES);
  }

  /** @param at which functions may be called, whether this may yield, how deep it may still go */
  block(at) {
    const own = { ...at, made: [...(at.made ?? [])] };
    return this.times(1, 3, () => `${this.statement(own)}\nsee(cx);`).join('\n');
  }

  statement(at) {
    const kinds = ['wait', 'wait'];
    if (at.isGenerator) kinds.push('give', 'give', 'give');
    if (at.callable > 0) kinds.push('make', 'read');
    if (at.callable > 0 && at.isGenerator) kinds.push('delegate');
    if (at.made.length > 0) kinds.push('step', 'step', 'step');
    if (at.depth > 0) kinds.push('guard', 'guard', 'within');
    if (at.depth > 0 && at.isGenerator) kinds.push('guard', 'guard');
    if (at.depth < 2 && this.chance(0.1)) kinds.push('leave');
    return this[this.pick(...kinds)](at);
  }

  wait() {
    return `await ${this.pick('null', 'tick()', 'turn()', 'thenable()', 'Promise.resolve()')};`;
  }

  give() {
    return `yield ${this.pick('1', 'Promise.resolve(1)', 'thenable()')};`;
  }

  leave(at) {
    return at.isGenerator ? this.pick('return 1;', 'throw new Error("own");') : 'return;';
  }

  /** A generator, called here or in another context. */
  call(at) {
    const call = `g${Math.floor(this.random() * at.callable)}(cx)`;
    return this.chance(0.5) ? call : `within(cx, ${this.store()}, (cx) => ${call})`;
  }

  make(at) {
    const name = `m${this.#names++}`;
    const text = `const ${name} = ${this.call(at)};`;
    at.made.push(name);
    return text;
  }

  /** Steps of a generator, from here or from another context, waited for or not. */
  step(at) {
    const made = this.pick(...at.made);
    const steps = this.times(1, 3, () => {
      const name = this.pick('next', 'next', 'next', 'return', 'throw');
      const step = `${made}.${name}(${name === 'throw' ? 'new Error("asked for")' : '1'})`;
      return this.chance(0.5) ? `await quiet(${step}); see(cx);` : `later(${step}); see(cx);`;
    }).join(' ');
    if (this.chance(0.5)) return steps;
    return `await within(cx, ${this.store()}, async (cx) => { ${steps} });`;
  }

  read(at) {
    const inside = this.pick(
      '',
      'await null;',
      'if (n++ > 0) break;',
      at.isGenerator && 'yield 1;',
    );
    const loop = `for await (const each of ${this.call(at)}) { see(cx); ${inside || ''} }`;
    return `{ let n = 0; try { ${loop} } catch { see(cx); } }`;
  }

  delegate(at) {
    const made = at.made.length > 0 && this.chance(0.3) ? this.pick(...at.made) : this.call(at);
    return `yield* ${this.pick(made, made, made, 'foreign(cx)', '[1, 2]')};`;
  }

  guard(at) {
    const inner = { ...at, depth: at.depth - 1 };
    const end = this.pick(
      () => `catch { see(cx);\n${this.block(inner)} }`,
      () => `finally { see(cx);\n${this.block(inner)} }`,
    )();
    return `try {\n${this.block(inner)}\n} ${end}`;
  }

  within(at) {
    const inner = { ...at, depth: at.depth - 1, isGenerator: false };
    return `await within(cx, ${this.store()}, async (cx) => {\n${this.block(inner)}\n});`;
  }
}
