const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const nest = (count, open, close, inside) => open.repeat(count) + inside + close.repeat(count);
const text = (code, extension) => () => ({ code: code(), extension });

const PLAIN =
  'function f$(a,b){for(var i=0;i<a.length;i++)b=(b<<5)-b+a.charCodeAt(i)|0;return b?{a:b,b:[b,a]}:null}';
const plain = (i) => PLAIN.replace('$', i);
const FORMS = [
  'async function*g$(a,b){for await(const c of a)yield c+b}',
  'const h$=async function*(a){yield*a};',
  'const i$={async*a(b){yield b},async*[Symbol.asyncIterator](){yield 1}};',
  'class J${async*a(b){yield b}static async*b(){yield 1}async*#c(){}d(){return this.#c()}}',
  'k((async function*(){yield $})());',
  'function l$(){async function*a(){yield $}return a()}',
];
const mixed = (i) => FORMS[i % FORMS.length].replaceAll('$', i);
const MEGABYTES = 10 * 2 ** 20;
const fill = (unit) => unit.repeat(Math.ceil(MEGABYTES / unit.length));

/** Texts that are large, by name. */
export const huge = new Map([
  ['10 MB, minified, no generator', text(() => times(96_000, plain).join(''))],
  [
    '10 MB, minified, a generator in every 2 kB',
    text(() => times(96_000, (i) => (i % 20 ? plain(i) : mixed(i / 20))).join(''), 'mjs'),
  ],
  [
    '10 MB bundle, functions in an array',
    text(
      () =>
        `!function(m){m[0]()}([${times(4800, (i) => `function(e,t){${times(20, plain).join('')}${mixed(i)}}`)}])`,
    ),
  ],
  ['10 MB comment', text(() => `/*${fill(' async * ')}*/async function*a(){}`)],
  ['10 MB string', text(() => `a="${fill(' async * ')}";async function*b(){}`)],
  ['1 MB of "async"', text(() => `${'async,'.repeat(170_000)}async`)],
  ['1 MB of space after "async"', text(() => `async ${' '.repeat(2 ** 20)} function*a(){}`)],
  ['banner comment, no generator', text(() => `// async ${'/'.repeat(100)}\na();`)],
  ['banner comment', text(() => `// async ${'/'.repeat(100)}\nasync function* a() {}`)],
  ['row of comments', text(() => `${'// async // a '.repeat(100)}\na();`)],
  ['3,000 declarations', text(() => times(3000, (i) => `async function*a${i}(){}`).join('\n'))],
  ['3,000 expressions', text(() => times(3000, () => `a(async function*(){});`).join('\n'))],
  [
    '3,000 declarations in a function',
    text(() => `()=>{${times(3000, (i) => `async function*a${i}(){}`).join('')}}`),
  ],
  ['3,000 methods of an object', text(() => `a={${times(3000, (i) => `async*a${i}(){}`)}}`)],
  [
    '3,000 methods of a class',
    text(() => `class A{${times(3000, (i) => `async*a${i}(){}`).join('')}}`),
  ],
  [
    '3,000 private methods',
    text(() => `class A{${times(3000, (i) => `async*#a${i}(){}`).join('')}}`),
  ],
  ['200 methods with super', text(() => `a={${times(200, (i) => `async*a${i}(){super.a()}`)}}`)],
  ['3,000 computed keys', text(() => `a={${times(3000, (i) => `async*[b+${i}](){}`)}}`)],
  [
    '500 cases',
    text(() => `switch(a){${times(500, (i) => `case ${i}:async function*a${i}(){}`).join(';')}}`),
  ],
  ['20,000 references to itself', text(() => `a=async function*b(){${'b();'.repeat(20_000)}}`)],
]);

const INSIDE = '(async function*(){yield 1})()';

/** Texts that nest deep, by name. */
export const deep = new Map([
  ['500 declarations', text(() => nest(500, 'async function*a(){', '}', ''))],
  ['500 declarations in blocks', text(() => nest(500, '{async function*a(){', '}}', ''))],
  ['500 expressions', text(() => `a=${nest(500, 'async function*(){yield ', '}', '1')}`)],
  [
    '500 expressions with names',
    text(() => `a=${nest(500, 'async function*b(){yield b,', '}', '1')}`),
  ],
  ['500 calls on the spot', text(() => nest(500, '(async function*(){yield ', '})()', '1'))],
  ['500 methods of objects', text(() => `a=${nest(500, '{async*a(){yield ', '}}', '1')}`)],
  ['500 methods with super', text(() => `a=${nest(500, '{async*a(){yield super.b,', '}}', '1')}`)],
  ['500 methods of classes', text(() => `a=${nest(500, 'class{async*a(){yield ', '}}', '1')}`)],
  ['500 private methods', text(() => `a=${nest(500, 'class{async*#a(){yield ', '}}', '1')}`)],
  ['500 arguments', text(() => nest(500, 'a(async function*(){},', ')', '1'))],
  ['sums', text(() => `a=${'1+'.repeat(1000)}${INSIDE}`)],
  ['calls', text(() => nest(400, 'a(', ')', INSIDE))],
  ['chains', text(() => `(async function*(){})${'.a()'.repeat(500)}`)],
  ['arrays', text(() => nest(500, '[', ']', INSIDE))],
  ['objects', text(() => `a=${nest(400, '{a:', '}', INSIDE)}`)],
  ['arrow functions', text(() => nest(400, '()=>', '', INSIDE))],
  ['ternaries', text(() => `${'a?b:'.repeat(500)}${INSIDE}`)],
  ['templates', text(() => nest(300, '`${', '}`', INSIDE))],
  ['blocks', text(() => nest(500, '{', '}', `${INSIDE};`))],
  ['branches', text(() => `${'if(a){}else '.repeat(500)}{async function*b(){}}`)],
  ['classes', text(() => `a=${nest(300, 'class{static a=', '}', INSIDE)}`)],
  ['functions', text(() => nest(400, 'function a(){', '}', 'async function*b(){}'))],
]);
