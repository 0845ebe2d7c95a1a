import { App, program, snippet } from './app.js';

export interface Tool {
  /** The file, as the page of its tool has it. */
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

export const tools: Record<string, Tool> = {
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

/** The application with the configuration of the docs, `options` being what our plugin is called with. */
export const appFor = ({ config, files }: Tool, options = ''): App =>
  new App({
    'compile.mjs': program('compile.mjs'),
    ...files,
    [config]: snippet(config).replace('asyncGenHooks()', `asyncGenHooks(${options})`),
  });
