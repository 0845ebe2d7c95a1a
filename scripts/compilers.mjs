/** What `--compiler` takes in the commands that prove the compilers: fuzz, test262, corpus. */
import { findMissingForSwc, SWC } from './swc.mjs';
import { UsageError } from './usage.mjs';

export const COMPILERS = ['babel', 'engine', ...Object.keys(SWC)];

/** @returns `compiler`, if it is known and there. */
export function readCompiler(compiler) {
  if (!COMPILERS.includes(compiler)) {
    throw new UsageError(
      `--compiler "${compiler}", there is none. Give one of ${COMPILERS.join(', ')}.`,
    );
  }
  const missing = isSwc(compiler) && findMissingForSwc();
  if (missing) throw new UsageError(`--compiler "${compiler}", ${missing}`);
  return compiler;
}

export const isSwc = (compiler) => Object.hasOwn(SWC, compiler);
