import { expect, test } from '@jest/globals';
import { esm, hooked, printed, use } from './support/modules.js';
import { NodeProject } from './support/node-project.js';

test.each([
  ['c#/a?b', '#%'],
  ['asyncgen-hooks', 'dist'],
])('what stands in folders with names as %s/%s', async (parent, folder) => {
  const place = `${parent}/${folder}`;
  using project = new NodeProject({
    [`${place}/main.mjs`]: `import lib from './lib.cjs';\n${esm('items', use('items'))}${use('lib.more')}`,
    [`${place}/lib.cjs`]: 'exports.more = async function* more() { yield 1; };\n',
  });
  for (const _ of ['compiled', 'from the cache']) {
    expect(await printed(project, `${place}/main.mjs`)).toBe(
      hooked(`items ${place}/main.mjs:2`, `more ${place}/lib.cjs:1`),
    );
  }
});
