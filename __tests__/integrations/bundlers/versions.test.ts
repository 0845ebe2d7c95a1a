import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import manifest from '../../../package.json' with { type: 'json' };
import { checkVersion } from '../../../src/integrations/bundlers/versions.js';
import { App } from './support/app.js';
import { face } from './support/in-process.js';

test('npm installs the package beside any version of a bundler, or of Vitest', () => {
  const bundlers = Object.fromEntries(
    Object.entries(manifest.peerDependencies).filter(
      ([name]) => name !== '@babel/core' && !name.startsWith('@opentelemetry/'),
    ),
  );
  // `*` is the only range that npm lets pre-releases into.
  expect(bundlers).toEqual({
    '@rspack/core': '*',
    esbuild: '*',
    rolldown: '*',
    rollup: '*',
    vite: '*',
    vitest: '*',
    webpack: '*',
  });
});

describe('a bundler that is too old is told so', () => {
  // Versions that have to be let in, pre-releases and some that do not exist yet among them, and versions
  // that have to be refused. The table tries the comparison: few of them were installed.
  test.each([
    [
      'Rollup',
      ['2.79.2', '3.0.0', '3.30.0', '4.0.0', '4.68.8', '5.0.0-beta.1'],
      ['2.0.0', '2.77.3'],
    ],
    ['webpack', ['5.72.0', '5.73.0', '5.112.2', '6.0.0-alpha.0'], ['5.50.0', undefined]],
    ['Rspack', ['1.0.0', '1.7.0', '2.0.0-rc.1', '2.3.3'], ['0.7.5', undefined]],
  ] as const)('%s', (tool, working, failing) => {
    for (const version of working) expect(() => checkVersion(tool, version)).not.toThrow();
    for (const version of failing) {
      expect(() => checkVersion(tool, version)).toThrow(
        expect.objectContaining({
          code: 'ERR_ASYNCGEN_PEER',
          message: expect.stringMatching(/ is too old for this plugin\. Update \S+ to /),
        }),
      );
    }
  });

  test.each([
    ['rollup', (plugin: any) => plugin.options.call({ meta: { rollupVersion: '2.60.0' } }, {})],
    ['vite', (plugin: any) => plugin.options.call({ meta: { rollupVersion: '2.77.3' } }, {})],
    ['webpack', (plugin: any) => plugin.apply({ options: {} })],
    ['rspack', (plugin: any) => plugin.apply({ options: {} })],
  ])('by the plugin for %s', (name, start) => {
    using app = new App();
    expect(() => start(face(app, name)())).toThrow('is too old for this plugin.');
  });
});

test('esbuild before 0.19.7, which tells of no import attributes, has its files compiled', async () => {
  using app = new App();
  let load: ((args: object) => Promise<{ contents: string }>) | undefined;
  const build = {
    initialOptions: { absWorkingDir: app.root },
    onStart() {},
    onResolve() {},
    onLoad: (_: object, callback: typeof load) => void (load = callback),
  };
  face(app, 'esbuild')().setup(build);
  const { contents } = await load!({ path: join(app.root, 'src/count.ts'), namespace: 'file' });
  expect(contents).toContain('asyncgen-hooks/shim');
});
