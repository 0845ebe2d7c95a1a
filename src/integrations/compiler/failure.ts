import { printable } from '../../messages.js';

/** Babel throws it, or a plugin, or the engine: it may be anything. */
interface Thrown {
  readonly code?: unknown;
  readonly loc?: { readonly line: number; readonly column: number };
}

/** Why a file stays as it is. */
export interface Failure {
  readonly code: 'ERR_ASYNCGEN_PARSE' | 'ERR_ASYNCGEN_COMPILE';
  /** As it follows the name of the file. */
  readonly fact: string;
  /** Where Babel knows: `line` 1-based, `column` 0-based. */
  readonly loc: Thrown['loc'];
}

const thrown = (error: unknown): Thrown =>
  (typeof error === 'object' && error !== null ? error : {}) as Thrown;

export const codeOf = (error: unknown): unknown => thrown(error).code;

/**
 * Sorts what was thrown when a file was compiled: a syntax that Babel does not know, or a failure of Babel
 * or of this package, of whatever kind (a long sum overflows the stack). Neither is a reason for
 * the program not to run.
 *
 * @throws what has to be mended before anything can be compiled: `ERR_ASYNCGEN_PEER`.
 */
export function failureOf(error: unknown, file: string): Failure {
  const { code, loc } = thrown(error);
  if (code === 'ERR_ASYNCGEN_PEER') throw error;
  const { name, message } =
    error instanceof Error ? error : { name: 'Error', message: String(error) };
  const reason = message.replace(`${file}: `, '').split('\n', 1)[0]!.replace(/:$/, '');
  return code === 'BABEL_PARSE_ERROR'
    ? { code: 'ERR_ASYNCGEN_PARSE', fact: `Babel cannot read it (${printable(reason)})`, loc }
    : {
        code: 'ERR_ASYNCGEN_COMPILE',
        fact: `Babel failed on it (${printable(`${name}: ${reason}`)})`,
        loc,
      };
}

/** @param exclude how files are left out: `"exclude"`, or `--exclude`. */
export const remedyFor = ({ code }: Failure, exclude: string): string =>
  code === 'ERR_ASYNCGEN_PARSE'
    ? `Mend the file, or name it in ${exclude}.`
    : `Name it in ${exclude}.`;
