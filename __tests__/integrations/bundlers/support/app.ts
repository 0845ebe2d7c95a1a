import { cpSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  packageRoot,
  Project,
  PUBLISHED,
  type Result,
} from '../../../environments/support/project.js';
import { requireBabel } from '../../../helpers/babel.js';
import { fileOf } from '../../../helpers/docs.js';

const TOOLS = [
  '@rollup/plugin-commonjs',
  '@rollup/plugin-node-resolve',
  '@rspack/core',
  '@swc/core',
  'esbuild',
  'rolldown',
  'rollup',
  'rollup-plugin-esbuild',
  'swc-loader',
  'typescript',
  'vite',
  'webpack',
];

/** The page of each configuration. */
const PAGES: Record<string, string> = {
  'build.mjs': 'esbuild.md',
  'next.config.mjs': 'next.md',
  'rolldown.config.js': 'rolldown.md',
  'rollup.config.js': 'rollup.md',
  'rspack.config.js': 'rspack.md',
  'vite.config.js': 'vite.md',
  'webpack.config.js': 'webpack.md',
};

export const snippet = (file: string): string => fileOf(PAGES[file]!, file);

const programs = join(__dirname, '../programs');
export const program = (name: string): string => readFileSync(join(programs, name), 'utf8');

/** `fixtures/app` with the package installed as npm would, and the tools beside it. */
export class App extends Project {
  constructor(files: Record<string, unknown> = {}) {
    super();
    const { root } = this;
    cpSync(join(packageRoot, 'fixtures/app'), root, { recursive: true });
    this.install('words', join(root, 'words'));
    this.install('asyncgen-hooks', packageRoot, PUBLISHED);
    this.link('@babel/core', dirname(requireBabel.resolve('@babel/core/package.json')));
    for (const tool of TOOLS) this.link(tool, join(packageRoot, 'node_modules', tool));
    this.write(files);
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }

  /** As `run`, for what has to end well. */
  async build(...args: string[]): Promise<Result> {
    const result = await this.run(...args);
    if (result.status === 0) return result;
    throw new Error(`exit ${result.status}\n${result.stdout}\n${result.stderr}`);
  }

  /** Runs what was built, with its source maps. */
  runBuilt(file = 'dist/main.js'): Promise<unknown> {
    return this.runForRecord('--enable-source-maps', file);
  }
}
