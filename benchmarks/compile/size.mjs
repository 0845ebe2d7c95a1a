import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { LOWERING, makeCompile, OURS } from './configurations.mjs';
import { readCorpus } from './corpus.mjs';

const gzipped = (code) => gzipSync(code, { level: 9 }).length;

/** @returns {Promise<{ minified: number, gzipped: number }>} bytes of the shim as esbuild bundles it */
export async function measureShim({ dist }) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('shim.mjs', dist))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  const [{ contents }] = outputFiles;
  return { minified: contents.length, gzipped: gzipped(contents) };
}

async function sizes(code) {
  const { code: minified } = await transform(code, { minify: true, legalComments: 'none' });
  return {
    text: Buffer.byteLength(code),
    minified: Buffer.byteLength(minified),
    gzipped: gzipped(minified),
  };
}

/**
 * Bytes that a plugin adds to the files that have generators, for each generator; the shim or the
 * helpers of `@babel/runtime` are not in it.
 *
 * @returns {Promise<{ name: string, generators: number, added: { text: number, minified: number,
 *   gzipped: number } }[]>}
 */
export async function measureOutput({ dist, names = [OURS, LOWERING] }) {
  const files = readCorpus().filter(({ generators }) => generators > 0);
  const generators = files.reduce((sum, file) => sum + file.generators, 0);
  const native = await makeCompile(undefined, dist);
  const rows = [];
  for (const name of names) {
    const compile = await makeCompile(name, dist);
    const added = { text: 0, minified: 0, gzipped: 0 };
    for (const file of files) {
      const [before, after] = await Promise.all([sizes(native(file)), sizes(compile(file))]);
      for (const kind of Object.keys(added)) added[kind] += after[kind] - before[kind];
    }
    for (const kind of Object.keys(added)) added[kind] /= generators;
    rows.push({ name, generators, files: files.length, added });
  }
  return rows;
}
