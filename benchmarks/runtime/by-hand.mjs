/**
 * What the contract asks for at the least, written by hand, a part more in each: where the time of a short generator
 * goes, and what no runtime can be below.
 */
const CALLS = `class Calls {
  item(value) { return value; }
  result() {}
  failed() { return true; }
  ended() {}
}
const calls = new Calls();
const enter = () => calls;`;

const WRAPPER = `const { prototype } = Object.getPrototypeOf(async function* () {});
const Stamp = function (object) { return object; };
class Made {}
class Wrapper extends Stamp {
  #body;
  constructor(object, body) { super(object); this.#body = body; }
  next(value) { return prototype.next.call(this.#body, value); }
  return(value) { return prototype.return.call(this.#body, value); }
  throw(error) { return prototype.throw.call(this.#body, error); }
}
Object.setPrototypeOf(Made.prototype, prototype);
const { next, return: end, throw: fail } = Object.getOwnPropertyDescriptors(Wrapper.prototype);
Object.defineProperties(Made.prototype, { next, return: end, throw: fail });
const wrap = (body) => new Wrapper(new Made(), body);`;

/** The body finds its record, which the first step of the generator has made. */
const RECORD = (begun, ended) => `let starting;
class Record {
  constructor(body) {
    this.body = body;
    this.asked = this.given = this.line = this.since = this.phase = 0;
    this.at = -1;
    this.isTold = this.isPlain = false;
    this.outcome = this.more = this.gen = null;
    this.owner = this.context = undefined;
  }
  item(value, line) { this.line = line; this.given++; return value; }
  result() { this.outcome = { type: 'exhausted', value: undefined }; }
  failed(error) { this.outcome = { type: 'failed', error }; return true; }
  ended() { this.phase = 2; ${ended} }
}
const enter = () => { const record = starting; record.phase = 1; return record; };
${WRAPPER.replace(
  'next(value) {',
  `next(value) {
    const record = this.#body;
    if (record.asked++ === 0) { starting = record; ${begun} }
    return prototype.next.call(record.body, value);
  }
  other(value) {`,
).replace('new Wrapper(new Made(), body)', 'new Wrapper(new Made(), new Record(body))')}`;

const HOOKS = 'const hooks = { firstiter: [() => {}], finalizer: [() => {}] };';
const call = (name, ...args) => `for (const hook of hooks.${name}) hook(${args.join(', ')});`;
const FIRSTITER = call('firstiter', 'this', 'record');
const FINALIZER = call('finalizer', 'this.gen', 'this.outcome', 'this');

/** Until the next collection of garbage a list holds it, and only then a registry and a `WeakRef`. */
const WATCH = 'record.gen = this; record.at = young.push(record) - 1;';
const UNWATCH =
  'const last = young.pop(); if (last !== this) { young[this.at] = last; last.at = this.at; }';

const bare = (body) => body;
const telling = (body) => `const _gen = enter();
  try { ${body.replace(/yield ([^;]+);/g, 'yield _gen.item($1, 1);')} _gen.result(); }
  catch (error) { if (_gen.failed(error)) throw error; }
  finally { _gen.ended(); }`;

const part = (name, head, body) => ({
  name: `by hand: ${name}`,
  forms: ['declaration'],
  compile: (text) =>
    `${head}\n${text.replace(
      /export async function\* (\w+)\(items\) \{(.*)\};$/gm,
      (_, fn, source) => `export function ${fn}(items) {
  return wrap(Reflect.apply(_${fn}, this, arguments));
}
async function* _${fn}(items) { ${body(source)} }`,
    )}`,
});

/** @type {import('./configurations.mjs').Configuration[]} */
export const byHand = [
  part('a call in front', 'const wrap = (body) => body;', bare),
  part('and calls in the body', `${CALLS}\nconst wrap = (body) => body;`, telling),
  part('and a wrapper', `${CALLS}\n${WRAPPER}`, telling),
  part('and a record', RECORD('', ''), telling),
  part('and two hooks', `${HOOKS}\n${RECORD(FIRSTITER, FINALIZER)}`, telling),
  part(
    'and a list of the young',
    `${HOOKS}\nconst young = [];\n${RECORD(`${WATCH} ${FIRSTITER}`, `${FINALIZER} ${UNWATCH}`)}`,
    telling,
  ),
];
