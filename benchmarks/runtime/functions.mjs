import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const HEAD = {
  declaration: (name) => `export async function* ${name}`,
  expression: (name) => `export const ${name} = async function*`,
};

/** The text of a module with `count` generator functions, and as many that really wait. */
export function writeFunctions(form, count) {
  const functions = Array.from({ length: count }, (_, i) => [
    `${HEAD[form](`quick${i}`)}(items) { for (let i = 0; i < items; i++) yield i + ${i}; };`,
    `${HEAD[form](`waiting${i}`)}(items) { for (let i = 0; i < items; i++) { await setImmediate(); yield i + ${i}; } };`,
  ]);
  return ["import { setImmediate } from 'node:timers/promises';", ...functions.flat()].join('\n');
}

/** Imports a module of functions: each time other functions, with their own feedback in the engine. */
export async function importFunctions(text, wrap = (fn) => fn) {
  const file = join(tmpdir(), `asyncgen-hooks-${randomUUID()}.mjs`);
  await writeFile(file, text);
  try {
    const functions = Object.entries(await import(pathToFileURL(file).href));
    const named = (start) =>
      functions.filter(([name]) => name.startsWith(start)).map(([, fn]) => wrap(fn));
    return { quick: named('quick'), waiting: named('waiting') };
  } finally {
    await rm(file);
  }
}
