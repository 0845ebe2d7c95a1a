import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { check } from './check.mjs';
import { checkByEngine } from './check-engine.mjs';
import { deep, huge } from './large.mjs';
import { odd } from './odd.mjs';

// The plugin warns of files whose generators were lowered before; there are many here.
const { emitWarning } = process;
process.emitWarning = (warning, ...rest) => {
  if (warning?.code !== 'ERR_ASYNCGEN_LOWERED') emitWarning.call(process, warning, ...rest);
};

/** The texts that are made here, by what they are called. */
const made = { odd, huge, deep };

/** Checks one file, or one made text: `{ kind, name, compiler }`. */
export default function checkFile({ kind, name, compiler }) {
  const checkBy = compiler === 'engine' ? checkByEngine : check;
  if (kind === 'file') return checkBy(readFileSync(name, 'utf8'), basename(name), compiler);
  const { code, extension = 'js' } = made[kind].get(name)();
  return checkBy(code, `${kind}.${extension}`, compiler);
}
