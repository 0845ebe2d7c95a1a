import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = 1000;
/** Every fiftieth module has an async generator. */
const STEP = 50;
/** 36 functions make a module of 4.5 kB. */
const FUNCTIONS = 36;
const CHILDREN = 10;

const TWO_LINES = `async function* one() { yield 1; }
for await (const item of one()) process.stdout.write(JSON.stringify([item, process.cpuUsage()]));
`;

const helper = (i) => `function helper${i}(value, other) {
  if (value > other) return value * ${i} + other;
  return { value, other, key: 'key ${i}' };
}
`;
const helpers = Array.from({ length: FUNCTIONS }, (_, i) => helper(i)).join('');

/** The text of module `i`, which imports ten others, those ten each, and so on. */
function moduleText(i, isModule) {
  const children = Array.from({ length: CHILDREN }, (_, k) => i * CHILDREN + k + 1);
  const imported = children.filter((child) => child < MODULES);
  const imports = imported.map((child) =>
    isModule
      ? `import { f${child} } from './m${child}.mjs';\n`
      : `const { f${child} } = require('./m${child}.cjs');\n`,
  );
  const generator = `async function* items${i}(to) {\n  for (let n = 0; n < to; n++) yield helper1(n, to);\n}\n`;
  const sum = ['1', ...imported.map((child) => `f${child}()`)].join(' + ');
  return [
    ...imports,
    helpers,
    i % STEP === STEP / 2 ? generator : '',
    `${isModule ? 'export ' : ''}function f${i}() {\n  return ${sum};\n}\n`,
    isModule ? '' : `module.exports = { f${i} };\n`,
    i === 0 ? `process.stdout.write(JSON.stringify([f0(), process.cpuUsage()]));\n` : '',
  ].join('');
}

/**
 * Writes a program of 1,000 modules, 20 of them with an async generator, twice: as ES modules and as
 * CommonJS, and a program of two lines.
 *
 * @param packages folders that stand in `node_modules`, by their names there.
 */
export function writeTree(folder, packages) {
  for (const extension of ['mjs', 'cjs']) {
    for (let i = 0; i < MODULES; i++)
      writeFileSync(join(folder, `m${i}.${extension}`), moduleText(i, extension === 'mjs'));
  }
  writeFileSync(join(folder, 'two.mjs'), TWO_LINES);
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const [name, root] of Object.entries(packages))
    symlinkSync(root, join(modules, name), 'junction');
}
