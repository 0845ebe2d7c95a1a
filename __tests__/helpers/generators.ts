import { compileHooked } from './babel.js';
import { run } from './run.js';

export type Gen = AsyncGenerator<any, any, any>;

/** Compiles `source` (CommonJS) with the plugin, runs it, returns its exports. */
export const load = (source: string): any => run(compileHooked(source, { sourceType: 'script' }));

/** A generator function that yields its arguments, with a body that can be looked into. */
export function make(record: unknown[] = []): (...items: unknown[]) => Gen {
  return load(`module.exports = (record) => async function* items(...values) {
    record.push('body');
    try {
      for (const value of values) yield value;
      return 'returned';
    } finally {
      record.push('finally');
    }
  }`)(record);
}

/** Collects what a generator yields. */
export async function collect(gen: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of gen) items.push(item);
  return items;
}

/** A generator function with this body; its arguments are `args`. */
export const gen = (body: string): ((...args: any[]) => Gen) =>
  load(`module.exports = async function* gen(...args) { ${body} }`);
