const GEN = 'async function* gen() { yield 1; }';

const js = {
  'byte order mark': `\uFEFF${GEN}`,
  hashbang: `#!/usr/bin/env node\n${GEN}`,
  'hashbang and directive': `#!/usr/bin/env node\n'use strict';\n${GEN}`,
  'byte order mark, no generator': '\uFEFFa();\r\nb();',
  'hashbang, no generator': '#!/usr/bin/env node\r\na();',
  CRLF: `'use strict';\r\n${GEN}\r\nconst a = \`b\r\nc\`;\r\n`,
  'CR alone': `a();\r${GEN}\r// b\rc();`,
  'U+2028 and U+2029': `a("\u2028\u2029");\u2028${GEN}\u2029/*\u2028*/ async function* b() { yield "\u2028"; }`,
  'U+2028 after async': 'async\u2028function* a() {}',
  'U+2028 ends a comment': 'async function // a\u2028* b() {}',
  empty: '',
  'white space': ' \n\t\u00A0\uFEFF\n',
  'comments only':
    '// async function* a() {}\n/* async function* b() {} */\n<!-- async function* c() {}\n',
  'directive only': '"use strict"',
  'directives only': '"use strict"; "async function* a() {}"; \'use asm\'',
  'HTML comments': `<!-- a\n${GEN}\n--> b\nc(); <!-- async * d`,
  'in strings and patterns':
    'a("async *b(){}", `async function* ${c}`, /async *d/, /async function* (?<e>f)/u);',
  'names async':
    'async * function_; var async; async\n* 1; a = { async: 1, async() {}, get async() {} }',
  'a generator with a directive': 'async function* a() { "use strict"; yield this; }',
  'in a strict function': 'function a() { "use strict"; async function* b() {} return b; }',
  'after directives': '"use asm"; "a"; async function* b() {} "use strict";',
  'duplicate functions':
    'async function* a() { 1; } async function* a() { 2; } function a() {} async function* a() { 3; }',
  'duplicates in a block':
    '{ async function* a() {} } { function a() {} async function* b() {} } var b;',
  'duplicates of a variable':
    'var a; async function* a() {} var a = 1; function b(c) { var c; async function* c() {} }',
  'duplicate members':
    'a = { async *b() {}, async *b() {}, b: 1, get c() {}, async *c() {} }; class D { async *b() {} b() {} static async *b() {} async *c() {} get c() {} }',
  'duplicate prototypes':
    'a = { __proto__: async function* () {}, async *__proto__() {}, ["__proto__"]: async function* () {}, "__proto__"() {} }',
  'names of the shim':
    'var _fn, _wrap, _apply, _call, _define, _method, _same, _key, _record, _definitions; async function* fn() {} async function* wrap() {} a = async function* _fn2() {}; class define { async *method() {} async *#_() {} static #_2; }',
  'names of the shim in the scope inside':
    'a(async function* () { let _fn, _call; { let _same; b(async function* c() { c; }); } });',
  'require is shadowed': 'function a(require) { async function* b() {} return b; }',
  'module and exports':
    'exports.a = async function* () {}; module.exports = { async *b() {} }; exports = module.exports = async function* c() {};',
  'odd names':
    'async function* eval() {} async function* arguments() {} async function* yield() {} async function* await() {} async function* async() {} async function* let() {} async function* static() {} async function* of() {} async function* get() {} async function* __proto__() {}',
  'odd member names':
    'class A { async *async() {} async *get() {} async *set() {} async *static() {} static async *static() {} static async *constructor() {} async *"constructor "() {} async *await() {} async *yield() {} async *prototype() {} async *__proto__() {} async *0() {} async *1n() {} async *.5() {} async *0x10() {} async *"a b"() {} async *""() {} async *[`c`]() {} async *["constructor"]() {} async *[Symbol.iterator]() {} }',
  'odd property names':
    'a = { async *async() {}, async *get() {}, async *await() {}, async *0() {}, async *1n() {}, async *.5() {}, async *1e400() {}, async *"a b"() {}, async *""() {}, async *[b]() {}, async *[b = c]() {}, async *[await_()]() {} }',
  'names with escapes':
    'async function* \\u0061b() {} async function* \\u{61}c() {} a = { async *\\u0061() {}, async *"\\u0062"() {} }; class B { async *#\\u0061() {} }',
  'names beyond ASCII':
    'async function* ünï() {} async function* 𠮷() {} async function* $() {} async function* _() {} async function* ª\u200C() {} class A { async *𠮷() {} async *#ü() {} }',
  'private names taken':
    'class A { #_; #__a; #__a2; async *#a() {} async *#__a3() {} async *b() {} static c = class { async *#a() {} async *d() {} e() { return #_ in this; } }; }',
  'private and read':
    'class A { async *#a() {} static async *#b() { yield* this.#b(); } c() { return [this.#a, this?.#a(), #a in this, delete this.d]; } }',
  'defaults of parameters':
    'function a(b = async function* () {}, { c = async function* () {} } = {}, [d = (async function* () {})()] = []) {} async function* e(f = async function* () {}, ...[g = async function* h() { h; }]) {}',
  'arrow functions':
    'a = () => async function* () {}; b = async () => (await c, async function* () {}); d = (e = async function* () {}) => { async function* f() {} };',
  'class elements':
    'class A extends (async function* () {}, B) { static { async function* a() {} } b = async function* () {}; static c = async function* () {}; [async function* () {}] = 1; #d = async function* () {}; static async *#e() {} "f" = async function* () {}; }',
  'classes without names':
    'a = class { async *b() {} }; (class { static async *name() {} }); new (class { async *c() {} })(); [class extends a { async *d() { super.d; } }]',
  templates: '`${async function* () {}}`; a`${{ async *b() {} }}`; (async function* () {})`c`;',
  'called on the spot':
    '(async function* () {})(); (async function* a() {})(1, ...b); (async function* () {})?.(); (async function* () {})?.call(c); (async function* () { arguments; }).apply(this, arguments); (async function* d() { d; })(); new (async function* () {})(); (0, async function* () {})(); (async function* () {})["call"](1); (async function* () {}).call.call(1); !async function* () {}(); (async function* () {})()()',
  operators:
    'delete (async function* () {}); void async function* () {}; typeof async function* () {}; a ??= async function* () {}; b ||= (async function* () {}); c &&= async function* () {}; d += async function* () {}; [e = async function* () {}] = []; ({ f = async function* () {} } = {}); g.h = async function* () {}; g[i] = async function* () {}; (j) = async function* () {}; (k, async function* () {}); l ? async function* () {} : m;',
  loops:
    'async function a() { for (const b of (async function* () {})()) c; for await (const d of (async function* () {})()) { async function* e() {} } for (var f = async function* () {}; ; ) break; for (let g in { async *h() {} }); while (async function* () {}) break; }',
  'blocks and labels':
    'a: { async function* b() {} break a; } if (c) { async function* d() {} } else { async function* d() {} } try { async function* e() {} } catch (f) { async function* g() {} } finally { async function* h() {} } for (;;) { async function* i() {} break; }',
  switches:
    'switch (a) { case 1: async function* b() {} default: async function* c() {} case async function* () {}: } switch (d) { default: async function* e() {} } switch (f) { case g: { async function* h() {} } }',
  'with and eval':
    'with (a) { async function* b() {} eval("b"); c = async function* () { eval("1"); }; } d = { async *e() { eval("super.f"); } }',
  'super, and nothing else': 'a = { async *b() { yield super.b; } }',
  'eval, and nothing else': 'a = { async *b() { eval("super.b"); } }',
  'super in places':
    'a = { async *b() { yield super.b; }, async *[c]() { super.d(); }, async *[e = f]() { super.e = 1; }, async *g() { return { async *h() { super.i; } }; }, async *"j"() { (() => super.j)(); }, async *__proto__() { super.k; }, async *1n() { super.l; } }',
  'comments at every token':
    '/*a*/async/*b*/function/*c*/*/*d*/e/*f*/(/*g*/h/*i*/,/*j*/)/*k*/{/*l*/}/*m*/;n={/*o*/async/*p*/*/*q*/r/*s*/(/*t*/)/*u*/{/*v*/}/*w*/,/*x*/};class Y{/*z*/static/*a*/async/*b*/*/*c*/d/*e*/(/*f*/)/*g*/{/*h*/}/*i*/}',
  'no space':
    'async function*a(){}async function*b(){}c=async function*(){};d={async*e(){}};class F{async*g(){}static async*h(){}async*#i(){}}',
  'comments that ignore':
    '/* asyncgen-hooks ignore next */ async function* a() {}\nasync function* b() {}\nc = { /* asyncgen-hooks ignore next */ async *d() {}, async *e() {} };',
  'a file to ignore': `// asyncgen-hooks ignore file\n${GEN}`,
  'compiled already': 'const { fn } = require("asyncgen-hooks/shim"); async function* a() {}',
  'asks for intrinsics':
    'Object.getPrototypeOf(async function* () {}).prototype; Object.getPrototypeOf(async function* () {}());',
  'line continuations': 'a("\\\nasync function* b() {}"); async function* c() { "\\\r\n"; }',
  'dynamic imports': 'a(async function* () { yield import("b"); yield import.meta; });',
  'deletes and rests':
    'const { a, ...b } = { async *a() {}, ...{ async *c() {} } }; [, ...d] = [async function* () {}, , async function* () {}];',
  getters:
    'a = { get b() { return async function* () {}; }, set b(c) { async function* d() {} } }; class E { get #f() { return async function* () {}; } static accessor_ = 1; }',
};

const mjs = {
  exports:
    'export async function* a() {} export default async function* b() {} export { a as c, a as "d e" }; export const f = async function* () {}, g = { async *h() {} };',
  'default export without a name': 'export default async function* () {}',
  'default export in parentheses': 'export default (async function* () {});',
  'default export of a class': 'export default class { async *a() {} static async *#b() {} }',
  'default export of an object': 'export default { async *a() {}, async *b() { super.c; } };',
  'default export called': 'export default (async function* () { yield 1; })();',
  'await at the top':
    'for await (const a of (async function* () {})()) b; await c; async function* d() { await e; }',
  'imports with the names':
    'import _fn, { wrap as _wrap } from "a"; import * as _apply from "b"; export async function* fn() {} export * from "c"; export * as call from "d"; import "e" with { type: "json" };',
  'import of the shim': 'import { fn } from "asyncgen-hooks/shim"; export async function* a() {}',
  'exported before': 'export { a, a as default }; b = a; async function* a() { yield a; }',
  reassigned:
    'export async function* a() {} a = async function* () {}; export { b as c }; var b = async function* d() { d = 1; };',
};

const ts = {
  overloads:
    'function a(): AsyncGenerator<1>; async function* a(): any {} class B { c(): any; async *c(): any {} abstract_?: 1; async *d?(): any {} private static async *e(this: B, f?: 1): any {} declare g: 1; }',
  namespaces:
    'namespace A { export async function* a() {} async function* b() {} namespace C.D { export async function* e() {} } } declare namespace F { function g(): void; } enum H { i = 1 }',
  'types around':
    'a = (async function* () {} as any)(); b = <any>(async function* () {}); c = (async function* () {} satisfies unknown)!; d = (async function* <T>(this: void, e: T, f?: T): AsyncGenerator<T> {})<string>();',
  'abstract classes':
    'abstract class A<T> extends A2 implements B { abstract c(): void; async *c2(): AsyncGenerator<T> {} constructor(private readonly d = async function* () {}) {} [key: string]: any; override async *e() { super.e(); } }',
  decorators:
    '@a class B { @c async *d() {} @e static async *f(@g h) {} async *i() {} @j k = async function* () {}; }',
  'export assignment': 'import a = require("a"); async function* b() {} export = b;',
  declared:
    'declare function a(): AsyncGenerator; declare class B { c(): AsyncGenerator } export async function* d() {} export type { E } from "e"; export default interface F { g(): void }',
};

const tsx = {
  'in JSX':
    'a = <B c={async function* <T,>() {}} d={{ async *e() {} }}>{(async function* () {})()}</B>;',
};
const jsx = {
  'in JSX':
    'a = <B c={async function* () {}} {...{ async *d() {} }}>{async function* e() { e; }}async *f</B>;',
  decorators:
    '@a class B { @c async *d() {} async *e() {} async *#f() {} static async *g() {} @h async *#i() {} @j k = async function* () {}; } class L { @m async *[n]() {} }',
  flow: '/* @flow */ async function* a<T>(b: T, c?: string): AsyncGenerator<T, void, void> {} d = (async function* (): any {}: any); class E<F> { async *g(h: F): any {} +i: number; }',
};

/** Small texts of the kinds that break compilers, by name. */
export const odd = new Map(
  Object.entries({ js, mjs, ts, tsx, jsx }).flatMap(([extension, texts]) =>
    Object.entries(texts).map(([name, code]) => [
      `${name} (${extension})`,
      () => ({ code, extension }),
    ]),
  ),
);
