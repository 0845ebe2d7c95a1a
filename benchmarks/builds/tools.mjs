import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entryOf = (folder) => join(folder, 'src/main.js');
/** Packages stay outside. */
const isPackage = (id) => /^[^./\0]/.test(id);

const SCRIPT = /\.[cm]?[jt]sx?$/;
const EMPTY_LOADER = fileURLToPath(new URL('empty-loader.cjs', import.meta.url));

/**
 * The tools: how each is loaded, builds `src/main.js` of a folder, with source maps, and calls a plugin that is asked
 * for each script, and does nothing.
 */
export const builders = {
  esbuild: {
    load: () => import('esbuild'),
    empty: {
      name: 'empty',
      setup: (build) => build.onLoad({ filter: SCRIPT, namespace: 'file' }, () => undefined),
    },
    async build({ build, stop }, { folder, plugins }) {
      await build({
        entryPoints: [entryOf(folder)],
        outfile: join(folder, 'out/esbuild.js'),
        bundle: true,
        platform: 'node',
        format: 'esm',
        packages: 'external',
        sourcemap: true,
        logLevel: 'silent',
        plugins,
      });
      await stop();
    },
  },
  rollup: {
    empty: { name: 'empty', transform() {} },
    async load() {
      const { rollup } = await import('rollup');
      const { nodeResolve } = await import('@rollup/plugin-node-resolve');
      return { rollup, nodeResolve };
    },
    async build({ rollup, nodeResolve }, { folder, plugins }) {
      const bundle = await rollup({
        input: entryOf(folder),
        external: isPackage,
        onwarn() {},
        plugins: [...plugins, nodeResolve()],
      });
      await bundle.write({ file: join(folder, 'out/rollup.js'), sourcemap: true });
      await bundle.close();
    },
  },
  vite: {
    load: () => import('vite'),
    empty: { name: 'empty', enforce: 'pre', transform() {} },
    async build({ build }, { folder, plugins }) {
      await build({
        root: folder,
        configFile: false,
        logLevel: 'error',
        build: {
          ssr: entryOf(folder),
          outDir: join(folder, 'out/vite'),
          sourcemap: true,
          rollupOptions: { external: isPackage, onwarn() {} },
        },
        plugins,
      });
    },
  },
  webpack: {
    load: () => import('webpack'),
    empty: {
      apply: ({ options }) =>
        options.module.rules.unshift({ enforce: 'pre', test: SCRIPT, use: [EMPTY_LOADER] }),
    },
    build({ default: webpack }, { folder, plugins }) {
      const options = {
        context: folder,
        entry: entryOf(folder),
        mode: 'development',
        target: 'node20',
        devtool: 'source-map',
        output: { path: join(folder, 'out'), filename: 'webpack.js' },
        externals: [
          ({ request }, done) =>
            isPackage(request) ? done(null, `node-commonjs ${request}`) : done(),
        ],
        resolve: { fullySpecified: false },
        module: { rules: [{ test: /\.m?js$/, resolve: { fullySpecified: false } }] },
        plugins,
      };
      return new Promise((resolve, reject) => {
        const compiler = webpack(options);
        compiler.run((error) => compiler.close(() => (error ? reject(error) : resolve())));
      });
    },
  },
};
