import { describe, expect, test } from '@jest/globals';
import { App, program, snippet } from './support/app.js';
import { printed, record, recordWithWords } from './support/expected.js';

interface Tool {
  /** The file in the README. */
  readonly config: string;
  /** What its command line is called with. */
  readonly development: string[];
  readonly production: string[];
  readonly files?: Record<string, string>;
}

const compile = (tool: string, config: string, mode: string): string[] => [
  'compile.mjs',
  tool,
  config,
  mode,
];
const vite = ['node_modules/vite/bin/vite.js', 'build', '--ssr', 'src/main.ts', '--sourcemap'];
const rolldown = ['node_modules/rolldown/bin/cli.mjs', '--config'];
const rollup = ['node_modules/rollup/dist/bin/rollup', '--silent', '--config'];

const tools: Record<string, Tool> = {
  vite: {
    config: 'vite.config.js',
    development: [...vite, '--mode', 'development', '--minify', 'false'],
    production: [...vite, '--minify', 'oxc'],
  },
  rollup: {
    config: 'rollup.config.js',
    development: rollup,
    production: [...rollup, 'minified.config.js'],
    files: {
      'minified.config.js': `import config from './rollup.config.js';
import { minify } from 'rollup-plugin-esbuild';
export default { ...config, plugins: [...config.plugins, minify()] };`,
    },
  },
  rolldown: {
    config: 'rolldown.config.js',
    development: rolldown,
    production: [...rolldown, '--minify'],
  },
  webpack: {
    config: 'webpack.config.js',
    development: compile('webpack', 'webpack.config.js', 'development'),
    production: compile('webpack', 'webpack.config.js', 'production'),
  },
  rspack: {
    config: 'rspack.config.js',
    development: compile('@rspack/core', 'rspack.config.js', 'development'),
    production: compile('@rspack/core', 'rspack.config.js', 'production'),
  },
  esbuild: {
    config: 'build.mjs',
    development: ['build.mjs'],
    production: ['minified.mjs'],
    files: {
      'minified.mjs': snippet('build.mjs').replace('bundle: true', 'bundle: true, minify: true'),
    },
  },
};

const appFor = ({ config, files }: Tool, options = ''): App =>
  new App({
    'compile.mjs': program('compile.mjs'),
    ...files,
    [config]: snippet(config).replace('asyncGenHooks()', `asyncGenHooks(${options})`),
  });

describe.each(Object.entries(tools))('%s, with the snippet of the README', (_, tool) => {
  test.each(['development', 'production'] as const)(
    'builds a %s bundle whose hooks see every generator, with maps to its lines',
    async (mode) => {
      using app = appFor(tool);
      const { stderr } = await app.build(...tool[mode]);
      expect(stderr).toBe('');
      const told = await app.runBuilt();
      expect(told).toEqual({
        printed,
        record,
        words: 'not hooked',
        stack: expect.stringMatching(/^Error: told\n[^\n]*\bsrc\/fail\.ts:5:(?:9|13)\b/),
      });
      expect(/\n\s{2}|\n\t/.test(app.read('dist/main.js'))).toBe(mode === 'development');
    },
  );

  test('hooks a dependency where no exclude keeps it out', async () => {
    using app = appFor(tool, '{ exclude: [] }');
    // By default Vite leaves dependencies of a server outside of its build.
    const inside =
      tool === tools.vite
        ? {
            'vite.config.js': `${app.read('vite.config.js').replace('plugins:', "ssr: { noExternal: ['words'] },\n  plugins:")}`,
          }
        : {};
    app.write(inside);
    await app.build(...tool.development);
    expect(await app.runBuilt()).toMatchObject({
      printed,
      record: recordWithWords,
      words: 'node_modules/words/index.js:1:7',
    });
  });
});
