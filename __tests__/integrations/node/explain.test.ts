import { afterAll, expect, test } from '@jest/globals';
import { NodeProject } from './support/node-project.js';

const GENERATOR = 'async function* gen() { yield 1; }\n';
const MAP = btoa('{"version":3,"sources":["gen.ts"],"names":[],"mappings":"AAAA"}');
const project = new NodeProject({
  'src/gen.mjs': `${GENERATOR}\nexport const object = { async *method() {} };\n`,
  'src/plain.mjs': 'export const a = 1;\n',
  'src/broken.mjs': 'async function* (\n',
  'src/ignored.mjs': `/* asyncgen-hooks ignore file */\n${GENERATOR}`,
  'src/lowered.cjs':
    'exports.gen = function () { return _wrapAsyncGenerator(function* () {})(); };\nfunction _wrapAsyncGenerator(e) { return function () { return new AsyncGenerator(e.apply(this, arguments)); }; }\nfunction AsyncGenerator(e) {}\n',
  'node_modules/@scope/two/index.js': GENERATOR,
  'src/odd "\u001b".mjs': `export const odd = { async *"it's"() {}, async *'d"q\\\\'() {}, async *'</script>'() {} };\n`,
  'src/mapped.mjs': `export ${GENERATOR}//# sourceMappingURL=data:application/json;base64,${MAP}\n`,
  'asyncgen-hooks.config.json': '{ "exclude": ["**/*.test.*"] }',
  'src/gen.test.mjs': GENERATOR,
});
afterAll(() => project[Symbol.dispose]());

const explain = async (...args: string[]): Promise<string> => {
  const { stdout, stderr } = await project.bin(['explain', ...args]);
  return stdout + stderr;
};

test.each([
  [['src/gen.mjs'], 'src/gen.mjs: compiled, 2 async generators.\n  1: gen\n  3: method\n'],
  [
    ['src/odd "\u001b".mjs'],
    `src/odd "\\u001b".mjs: compiled, 3 async generators.\n  1: it's\n  1: d"q\\\n  1: </script>\n`,
  ],
  [['src/mapped.mjs'], 'src/mapped.mjs: compiled, 1 async generator.\n  1: gen\n'],
  [['src/plain.mjs'], 'src/plain.mjs: not compiled. It has no async generator.\n'],
  [['src/broken.mjs'], 'src/broken.mjs: not compiled: it cannot be parsed ('],
  [
    ['src/ignored.mjs'],
    'src/ignored.mjs: not compiled. A comment in it says "asyncgen-hooks ignore".\n',
  ],
  [['src/lowered.cjs'], 'src/lowered.cjs: not compiled. Its async generators were lowered before.'],
  [
    ['node_modules/@scope/two/index.js'],
    'not compiled. It is a dependency. Name its package: --deps @scope/two, or "dependencies" in',
  ],
  [['--deps', '@scope/two', 'node_modules/@scope/two/index.js'], 'index.js: compiled, 1 async'],
  [['--deps', 'other', 'node_modules/@scope/two/index.js'], '--deps @scope/two'],
  [['src/gen.test.mjs'], 'src/gen.test.mjs: not compiled. "exclude" names it: **/*.test.*.\n'],
  [['--include', 'lib/**', 'src/gen.mjs'], 'No glob of "include" names it: lib/**.\n'],
  [
    ['node_modules/asyncgen-hooks/dist/shim.mjs'],
    'shim.mjs: not compiled. It belongs to asyncgen-hooks.\n',
  ],
  [['none.mjs'], 'asyncgen-hooks: Cannot read none.mjs ('],
  [[], 'No files given. Name those to explain.'],
])('explain %j', async (args, answer) => {
  expect(await explain(...args)).toContain(answer);
});

test('several, one after the other', async () => {
  const text = await explain('src/gen.mjs', 'src/plain.mjs');
  expect(text.match(/^src\/\w+\.mjs: /gm)).toEqual(['src/gen.mjs: ', 'src/plain.mjs: ']);
});

test('NODE_DEBUG has what becomes of each file', async () => {
  project.write({
    'main.mjs': `import './src/gen.mjs';\nimport './src/gen.test.mjs';\nimport './src/plain.mjs';\nimport './untyped/common.js';\n`,
    'untyped/package.json': '{}',
    'untyped/common.js': 'exports.plain = 1;',
  });
  const env = { NODE_DEBUG: 'asyncgen-hooks' };
  const flags = ['--import', 'asyncgen-hooks/register'];
  for (const run of [
    project.bin(['main.mjs'], { env }),
    project.start(['main.mjs'], { env, flags }),
  ]) {
    const lines = [...(await run).stderr.matchAll(/^ASYNCGEN-HOOKS \d+: ([\w ]+): (.*)$/gm)];
    expect(lines.map(([, fate, file]) => [fate, file!.split('/src/')[1]])).toEqual(
      expect.arrayContaining([
        ['compiled', 'gen.mjs'],
        ['excluded', 'gen.test.mjs'],
        ['nothing to compile', 'plain.mjs'],
      ]),
    );
    expect(lines.filter(([, , file]) => file!.endsWith('common.js'))).toHaveLength(1);
  }
});
