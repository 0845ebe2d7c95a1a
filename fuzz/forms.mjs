/**
 * Every syntactic form of an async generator function. `print` gives the statements that define it
 * under the unique name `n`; then `callee(n)` calls it. `self` is a name that only its own body
 * knows; a `hoisted` one may also stand at the end of its block, or at the top of the file.
 */
const form = (print, callee = (n) => n, more = {}) => ({ print, callee, ...more });
const own = (n) => `${n}_self`;
const SUPER = "$.log('super', yield* $.from(h, $.mk((h) => super.m(h))));\n";
/** What it calls: the printer's, as is each body. */
export const BASE = "$.log('base'); $.log('base got', yield 1);";

export const FORMS = [
  form((n, fn) => fn.named(n), undefined, { hoisted: true }),
  form((n, fn) => `const ${n} = ${fn.anonymous()};`),
  form((n, fn) => `const ${n} = ${fn.named(own(n))};`, undefined, { self: own }),
  form(
    (n, fn) => `const ${n} = { ${fn.method('m')} };`,
    (n) => `${n}.m`,
  ),
  form(
    (n, fn) => `class ${n} { ${fn.method('m')} }`,
    (n) => `new ${n}().m`,
  ),
  form(
    (n, fn) => `class ${n} { static ${fn.method('m')} }`,
    (n) => `${n}.m`,
  ),
  form(
    (n, fn) =>
      `class ${n} { ${fn.method('#m')} m(...a) { $.log(this.#m === this.#m, this.#m.name, #m in this); return this.#m(...a); } }`,
    (n) => `new ${n}().m`,
  ),
  form(
    (n, fn) => `class ${n} { static ${fn.method('#m')} static m(...a) { return ${n}.#m(...a); } }`,
    (n) => `${n}.m`,
  ),
  form(
    (n, fn) => `const ${n} = { m: ${fn.anonymous()} };`,
    (n) => `${n}.m`,
  ),
  form(
    (n, fn) => `const ${n} = { ${fn.method("[$.key('m')]")} };`,
    (n) => `${n}.m`,
  ),
  form(
    (n, fn) => `class ${n} { m = ${fn.anonymous()}; static s = 1; }`,
    (n) => `new ${n}().m`,
  ),
  form(
    (n, fn) => `class ${n} { static ${fn.method("[$.key('m')]")} }`,
    (n) => `${n}.m`,
  ),
  form(
    (n, fn) => `const ${n} = class extends (class { ${fn.base} }) { ${fn.method('m', SUPER)} };`,
    (n) => `new ${n}().m`,
  ),
  form(
    (n, fn) => `const ${n} = { __proto__: { ${fn.base} }, ${fn.method('m', SUPER)} };`,
    (n) => `${n}.m`,
  ),
  form(
    (n, fn) =>
      `let ${n};\nswitch ($.log('switch')) { case undefined: ${n} = ${n}_in; break; default: ${fn.named(`${n}_in`)} }`,
  ),
  form((n, fn) => `let ${n};\n${n} = ${fn.anonymous()};`),
  form((n, fn) => `const { ${n} = ${fn.anonymous()} } = {};`),
  form((n, fn) => `const ${n} = (0, ${fn.anonymous()});`),
  form((n, fn) => `const ${n} = ((x = ${fn.anonymous()}) => x)();`),
  form((n, fn) => `const ${n} = (() => { return ${n}_in; ${fn.named(`${n}_in`)} })();`),
  form(
    (n, fn) => `const ${n} = { ${fn.method("'a b'")} };`,
    (n) => `${n}['a b']`,
  ),
  form(
    (n, fn) => `const ${n} = [${fn.anonymous()}];`,
    (n) => `${n}[0]`,
  ),
  form(
    (n, fn) => `const ${n} = { [$.key('m')]: ${fn.anonymous()} };`,
    (n) => `${n}.m`,
  ),
  form(
    (n, fn) => `class ${n} { #f = ${fn.anonymous()}; m(...a) { return this.#f(...a); } }`,
    (n) => `new ${n}().m`,
  ),
  form(
    (n, fn) => `const ${n} = { ${fn.method("'__proto__'")} };`,
    (n) => `${n}.__proto__`,
  ),
  form(
    (n, fn) => `class ${n} { ${fn.method('1')} static { this.m = this.prototype[1]; } }`,
    (n) => `${n}.m`,
  ),
  form(
    (n, fn) => `const ${n} = { ${fn.method('[Symbol.asyncIterator]')}, m: 1 };`,
    (n) => `${n}[Symbol.asyncIterator]`,
  ),
  form(
    (n, fn) =>
      `class ${n} { ${fn.method('[Symbol.asyncIterator]')} m(...a) { return this[Symbol.asyncIterator](...a); } }`,
    (n) => `new ${n}().m`,
  ),
  form(
    (n, fn) => `class ${n} { ${fn.method('m')} ${fn.method('m')} }`,
    (n) => `new ${n}().m`,
  ),
  form((n, fn) => `let ${n};\n${n} ??= ${fn.anonymous()};`),
  form((n, fn) => `let ${n};\n{ ${fn.named(`${n}_in`)} ${n} = ${n}_in; } $.log(typeof ${n}_in);`),
  form((n, fn) => `let ${n};\nswitch (0) { default: ${n} = ${n}_in; ${fn.named(`${n}_in`)} }`),
  form(
    (n, fn) => `const ${n} = { ...{ ${fn.method('m')} }, [$.key('k')]: 1 };`,
    (n) => `${n}.m`,
  ),
  form(
    (n, fn) => `class ${n} { static { this.m = ${fn.anonymous()}; } }`,
    (n) => `${n}.m`,
  ),
  form(
    (n, fn) =>
      `class ${n} { static ${fn.method('m')} static { $.look(this.m); } static [$.key('k')] = 1; }`,
    (n) => `${n}.m`,
  ),
  form(
    (n, fn) =>
      `class ${n} { static #f = ${fn.anonymous()}; static m(h, ...a) { return this.#f(h, ...a); } }`,
    (n) => `${n}.m`,
  ),
];

/** `h` is the holder that `$.mk` fills: `h.g` is the generator whose body it is. */
export const PARAMS = [
  '(h, a)',
  '(h)',
  "(h, a = $.log('default'))",
  '(h, a = $.boom(7))',
  '(h, ...a)',
  '(h, [a] = [1])',
  '(h, { a, ...b } = { a: 2 })',
  '(h, a = () => [h, this], b)',
];

/** The ways to call `callee`; inside an arrow function whose parameter is the holder `h`. */
export const CALLS = [
  (callee, args) => `${callee}(${args})`,
  (callee, args) => `${callee}.call($.self, ${args})`,
  (callee, args) => `${callee}.apply($.self, [${args}])`,
  (callee, args) => `${callee}(...[${args}])`,
  (callee, args) => `Reflect.apply(${callee}, $.self, [${args}])`,
  (callee, args) => `${callee}?.(${args})`,
  (callee, args) => `${callee}.bind($.self)(${args})`,
  (callee, args) => `[h].map((h) => ${callee}(${args}))[0]`,
];
