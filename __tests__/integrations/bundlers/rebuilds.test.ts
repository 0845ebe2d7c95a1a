import { describe, expect, test } from '@jest/globals';
import { App, program, snippet } from './support/app.js';
import { face, requireIn } from './support/in-process.js';

const MAIN = 'export async function* items() { yield 1; }\n';

describe.each([
  ['webpack', 'webpack', "{ type: 'filesystem' }"],
  ['rspack', '@rspack/core', "{ type: 'persistent' }"],
])('%s, with a cache on disk', (name, tool, cache) => {
  test('other options are other modules', async () => {
    const config = snippet(`${name}.config.js`).replace('entry:', `cache: ${cache},\n  entry:`);
    using app = new App({ 'compile.mjs': program('compile.mjs'), 'src/main.ts': MAIN });
    const build = async (options: string): Promise<boolean> => {
      app.write({
        'app.config.js': config.replace('asyncGenHooks()', `asyncGenHooks(${options})`),
      });
      await app.build('compile.mjs', tool, 'app.config.js', 'development');
      return app.read('dist/main.js').includes('src/main.ts:1:7');
    };
    expect(await build('')).toBe(true);
    expect(await build('{ locations: false }')).toBe(false);
    expect(await build('')).toBe(true);
  });
});

test('a generator that is written while esbuild watches is hooked', async () => {
  using app = new App({ 'src/main.ts': 'export const nothing = 1;\n' });
  const { context } = requireIn(app)('esbuild') as typeof import('esbuild');
  const watch = await context({
    absWorkingDir: app.root,
    entryPoints: ['src/main.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    plugins: [face(app, 'esbuild')()],
  });
  try {
    expect((await watch.rebuild()).outputFiles[0]!.text).not.toContain('src/main.ts:');
    app.write({ 'src/main.ts': MAIN });
    expect((await watch.rebuild()).outputFiles[0]!.text).toContain('"src/main.ts:1:7 ');
  } finally {
    await watch.dispose();
  }
});

/** Waits for builds: watchers may build more often than files are written. */
class Builds {
  #ended = 0;
  #wake = (): void => {};

  readonly end = (): void => {
    this.#ended++;
    this.#wake();
  };

  /** Resolves when a build has ended, and `done` holds. */
  async until(done: () => boolean): Promise<void> {
    while (this.#ended === 0 || !done())
      await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

test.each(['webpack', '@rspack/core'])(
  'a generator that is written while %s watches is hooked',
  async (tool) => {
    using app = new App({ 'src/main.js': 'export const nothing = 1;\n' });
    const pack = requireIn(app)(tool);
    const compiler = (pack.rspack ?? pack)({
      mode: 'development',
      context: app.root,
      entry: './src/main.js',
      output: { path: `${app.root}/dist`, filename: 'main.js' },
      plugins: [face(app, tool === 'webpack' ? 'webpack' : 'rspack')()],
    });
    const builds = new Builds();
    const watching = compiler.watch({ aggregateTimeout: 0 }, builds.end);
    try {
      await builds.until(() => true);
      expect(app.read('dist/main.js')).not.toContain('src/main.js:1:7');
      app.write({ 'src/main.js': MAIN });
      await builds.until(() => app.read('dist/main.js').includes('src/main.js:1:7'));
    } finally {
      await new Promise((resolve) => watching.close(() => compiler.close(resolve)));
    }
  },
);

test('a generator that is written while Rolldown watches is hooked', async () => {
  using app = new App({ 'src/main.ts': 'export const nothing = 1;\n' });
  const { watch } = requireIn(app)('rolldown') as typeof import('rolldown');
  const watcher = watch({
    cwd: app.root,
    input: 'src/main.ts',
    platform: 'node',
    plugins: [face(app, 'rolldown')()],
    output: { dir: `${app.root}/dist` },
  });
  const builds = new Builds();
  watcher.on('event', (event) => {
    if (event.code === 'ERROR') throw event.error;
    if (event.code === 'BUNDLE_END') void event.result.close();
    if (event.code === 'END') builds.end();
  });
  try {
    await builds.until(() => true);
    expect(app.read('dist/main.js')).not.toContain('src/main.ts:1:7');
    app.write({ 'src/main.ts': MAIN });
    await builds.until(() => app.read('dist/main.js').includes('"src/main.ts:1:7 '));
  } finally {
    await watcher.close();
  }
});
