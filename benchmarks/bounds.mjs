/**
 * What `npm run guard` lets pass: what was measured (RESULTS.md) and a tolerance for machines that
 * do other work. Ratios to native or to Babel alone; bytes.
 */
const runtime = {
  'compiled, no more': { declaration: [1.35, 1.15], expression: [1.5, 1.15] },
  'hooks API loaded, no hook set': { declaration: [2, 1.3], expression: [2, 1.3] },
  'firstiter + iter + finalizer': { declaration: [2.5, 1.6], expression: [2.7, 1.6] },
};

const cells = Object.entries(runtime).flatMap(([name, forms]) =>
  Object.entries(forms).flatMap(([form, [one, many]]) =>
    ['1 function', '8 functions'].flatMap((count) => [
      [`${name}, ${form}, ${count}, 1 item`, one],
      [`${name}, ${form}, ${count}, 500 items`, many],
    ]),
  ),
);

export const BOUNDS = {
  runtime: Object.fromEntries(cells),
  compile: {
    'compile time, files with generators': 1.6,
    'compile time, files without generators': 1.1,
  },
  size: {
    'shim, bytes minified and gzipped': 2200,
    'output, bytes added a generator, minified and gzipped': 120,
  },
  memory: {
    'memory, compiled, no more, declaration, bytes a generator': 200,
    'memory, compiled, no more, expression, bytes a generator': 200,
    'memory, hooks API loaded, no hook set, declaration, bytes a generator': 250,
    'memory, finalizer, declaration, bytes a generator': 550,
  },
};
