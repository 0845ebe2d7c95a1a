import { expect, test } from '@jest/globals';
import { esm, hooked, printed, use } from './support/modules.js';
import { NodeProject, readTable } from './support/node-project.js';

// Node 22.12 itself takes it for a cycle.
const sharingTest = process.version.startsWith('v22.12.') ? test.skip : test;

sharingTest(
  'an imported CommonJS module has the require of Node, and shares what it loads',
  async () => {
    using project = new NodeProject({
      'main.mjs': `import './lib.cjs';\nimport { items } from './items.mjs';\n${use('items')}`,
      'lib.cjs': `const { items } = require('./items.mjs');
      async function* own() {}
      console.log(items.name, typeof own, typeof require.cache, typeof require.resolve.paths);\n`,
      'items.mjs': esm('items'),
    });
    expect(await printed(project, 'main.mjs')).toBe(
      `items function object function\n${hooked('items items.mjs:1')}`,
    );
  },
);

test.each([
  ['in sections', { version: 3, sections: [] }],
  ['without sources', { version: 3 }],
  ['that is none', {}],
])('a file with a source map %s is hooked', async (_, map) => {
  using project = new NodeProject({
    'main.mjs': `${esm('items', use('items'))}//# sourceMappingURL=main.mjs.map\n`,
    'main.mjs.map': map,
  });
  expect(await printed(project, 'main.mjs')).toBe(hooked('items main.mjs:1'));
});

test.each([
  ['shows no frames', 'Error.stackTraceLimit = 0;'],
  ['makes stacks of its own', 'Error.prepareStackTrace = (error, sites) => sites;'],
  ['makes stacks that are no text', 'Error.prepareStackTrace = () => ({});'],
  ['has no limit of frames', 'delete Error.stackTraceLimit;'],
  ['freezes Error', 'Object.freeze(Error);'],
])('a program that %s is hooked', async (_, code) => {
  using project = new NodeProject({
    'main.mjs': `${code}\nconst { items } = await import('./lib.mjs');\n${use('items')}`,
    'lib.mjs': esm('items'),
  });
  expect(await printed(project, 'main.mjs')).toBe(hooked('items lib.mjs:1'));
});

test('a file that cannot be parsed is told of in each run', async () => {
  using project = new NodeProject({
    'main.cjs': `(async () => { await import('./lib.mjs').catch(() => {}); })();`,
    'lib.mjs': `${esm('items')}\nlet let = 1;`,
  });
  for (let run = 0; run < 2; run++) {
    const { stderr } = await project.register('main.cjs');
    expect(stderr).toContain('lib.mjs cannot be parsed (');
  }
});

test('frozen intrinsics', async () => {
  using project = new NodeProject({ 'main.mjs': esm('items', use('items')) });
  expect(await printed(project, 'main.mjs', '--frozen-intrinsics')).toBe(
    hooked('items main.mjs:1'),
  );
});

const COUNTS = 'async function* counts() { try { for (let i = 0; ; i++) yield i; } finally {} }';

test.each([
  ['that say something', "process.on('beforeExit', () => console.log('bye'));", 'bye\n', 1],
  [
    'that begin generators',
    "process.on('beforeExit', () => { open.push(counts()); open.at(-1).next(); });",
    '',
    2,
  ],
  [
    'that begin generators later',
    "process.on('beforeExit', async () => { await null; open.push(counts()); open.at(-1).next(); });",
    '',
    2,
  ],
  [
    'that go on for a while',
    `process.on('beforeExit', () => { if (++rounds < 4) setImmediate(() => console.log(rounds)); });
    process.on('beforeExit', async () => { await null; if (++rounds < 9) setTimeout(() => console.log(rounds)); });`,
    '2\n2\n4\n4\n6\n8\n',
    1,
  ],
  [
    'whose timer is due before the loop turns',
    `process.on('beforeExit', async () => {
      await null;
      if (++rounds > 2) return;
      setTimeout(() => console.log(rounds));
      for (const begun = performance.now(); performance.now() - begun < 3; );
    });`,
    '1\n2\n',
    1,
  ],
])('listeners for beforeExit %s hear it as natively', async (_, code, stdout, open) => {
  using project = new NodeProject({
    'main.mjs': `${COUNTS}\nconst open = (globalThis.open = [counts()]);\nlet rounds = 0;\nawait open[0].next();\n${code}`,
  });
  const native = await project.start(['main.mjs']);
  expect(native).toMatchObject({ code: 0, stdout });
  for (const timeout of ['0', '5000']) {
    const end = await project.command(['--shutdown-timeout', timeout, 'main.mjs']);
    expect(end).toMatchObject({ code: 0, stdout });
    expect(readTable(end.stderr)).toMatchObject([
      { generator: 'counts', counts: { 'still open': open } },
    ]);
    expect(end.stderr).not.toContain('process.exit()');
  }
});

test('CommonJS that reads new.target and returns at its top is hooked', async () => {
  using project = new NodeProject({
    'main.cjs': `const { describeAsyncGen } = require('asyncgen-hooks');
async function* gen() {}
console.log(new.target, describeAsyncGen(gen()));
return;
`,
  });
  const { stdout, stderr } = await project.register('main.cjs');
  expect({ stdout, stderr }).toEqual({
    stdout: "undefined { name: 'gen', file: 'main.cjs', line: 2, column: 0 }\n",
    stderr: '',
  });
});
