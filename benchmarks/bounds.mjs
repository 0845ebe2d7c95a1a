/**
 * What `npm run guard` lets pass: what was measured (RESULTS.md) and a tolerance for machines that
 * do other work. Ratios to native or to Babel alone; bytes.
 */
const runtime = {
  'compiled, no more': { declaration: [1.25, 1.1], expression: [1.4, 1.1] },
  'hooks API loaded, no hook set': { declaration: [1.55, 1.15], expression: [1.75, 1.15] },
  'firstiter + iter + finalizer': { declaration: [3.1, 1.7], expression: [3.3, 1.7] },
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
    'compile time, files with generators': 1.35,
    'compile time, files without generators': 1.1,
  },
  size: {
    'shim, bytes minified and gzipped': 1500,
    'output, bytes added a generator, minified and gzipped': 60,
  },
  memory: {
    'memory, compiled, no more, declaration, bytes a generator': 20,
    'memory, compiled, no more, expression, bytes a generator': 20,
    'memory, hooks API loaded, no hook set, declaration, bytes a generator': 130,
    'memory, finalizer, declaration, bytes a generator': 600,
  },
};
