import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

const GAP = String.raw`(?:\s|/\*[\s\S]*?\*/|//.*$)*`;
const ASYNC_STAR = new RegExp(String.raw`\basync${GAP}(?:function${GAP})?\*`, 'm');
const FRONT_MATTER = /\/\*---\r?\n([\s\S]*?)\r?\n---\*\//;

/** Whether `folder` is a checkout of Test262. */
export const isCheckout = (folder) =>
  existsSync(join(folder, 'harness/assert.js')) && existsSync(join(folder, 'test'));

/**
 * Finds the tests whose text has something like `async *` or `async function*`. Whether that is an
 * async generator function only the tree can tell.
 * @returns names relative to `test/`, with `/`, sorted.
 */
export function findTests(folder, filter = '') {
  const root = join(folder, 'test');
  return readdirSync(root, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.js') && !name.includes('_FIXTURE') && name.includes(filter))
    .filter((name) => ASYNC_STAR.test(readFileSync(join(root, name), 'utf8')))
    .sort();
}

/**
 * Reads a test.
 *
 * Source: https://github.com/tc39/test262/blob/main/INTERPRETING.md#metadata
 */
export function readTest(folder, name) {
  const text = readFileSync(join(folder, 'test', name), 'utf8');
  const { flags = [], includes = [], negative } = load(FRONT_MATTER.exec(text)?.[1] ?? '') ?? {};
  const isRaw = flags.includes('raw');
  const isModule = flags.includes('module');
  const isAsync = flags.includes('async');
  return {
    name,
    text,
    isModule,
    isAsync,
    negative,
    harness: isRaw
      ? []
      : ['assert.js', 'sta.js', ...(isAsync ? ['doneprintHandle.js'] : []), ...includes],
    variants: getVariants(flags, isModule || isRaw),
  };
}

/**
 * The modes that a test runs in. A worker thread can block, so tests for agents that cannot have
 * none.
 */
function getVariants(flags, isLeftAsItIs) {
  if (flags.includes('CanBlockIsFalse')) return [];
  if (flags.includes('module')) return ['module'];
  if (isLeftAsItIs || flags.includes('noStrict')) return ['sloppy'];
  return flags.includes('onlyStrict') ? ['strict'] : ['sloppy', 'strict'];
}

/** The text that `variant` of a test runs. */
export const textOf = (test, variant) =>
  variant === 'strict' ? `"use strict";\n${test.text}` : test.text;
