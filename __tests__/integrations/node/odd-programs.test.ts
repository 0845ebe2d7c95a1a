import { expect, test } from '@jest/globals';
import { esm, hooked, printed, use } from './support/modules.js';
import { NodeProject } from './support/node-project.js';

test('an imported CommonJS module has the require of Node, and shares what it loads', async () => {
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
});

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
])('a program that %s is hooked', async (_, code) => {
  using project = new NodeProject({
    'main.mjs': `${code}\nconst { items } = await import('./lib.mjs');\n${use('items')}`,
    'lib.mjs': esm('items'),
  });
  expect(await printed(project, 'main.mjs')).toBe(hooked('items lib.mjs:1'));
});

test('a file that Babel cannot parse is told of in each run', async () => {
  using project = new NodeProject({
    'main.cjs': `(async () => { await import('./lib.mjs').catch(() => {}); })();`,
    'lib.mjs': `${esm('items')}\nlet let = 1;`,
  });
  for (let run = 0; run < 2; run++) {
    const { stderr } = await project.register('main.cjs');
    expect(stderr).toContain('lib.mjs, Babel cannot parse it');
  }
});
