import { printable } from '../../messages.js';

/** The parser throws it, the engine, or JavaScript itself: it may be anything. */
interface Thrown {
  readonly code?: unknown;
  readonly loc?: { readonly line: number; readonly column: number };
}

/** Why a file stays as it is. */
export interface Failure {
  readonly code: 'ERR_ASYNCGEN_PARSE' | 'ERR_ASYNCGEN_COMPILE';
  /** As it follows the name of the file. */
  readonly fact: string;
  /** Where the parser knows: `line` 1-based, `column` 0-based. */
  readonly loc: Thrown['loc'];
}

const thrown = (error: unknown): Thrown =>
  (typeof error === 'object' && error !== null ? error : {}) as Thrown;

/** Whether the parser refused the text. */
export const isRefusal = (error: unknown): boolean =>
  thrown(error).code === 'BABEL_PARSER_SYNTAX_ERROR';

/**
 * Sorts what was thrown when a file was compiled: a syntax that the parser does not know, or a
 * failure of whatever kind (a long sum overflows the stack). Neither is a reason for the program not to run.
 */
export function failureOf(error: unknown, file: string): Failure {
  const { loc } = thrown(error);
  const { name, message } =
    error instanceof Error ? error : { name: 'Error', message: String(error) };
  const reason = message.replace(`${file}: `, '').split('\n', 1)[0]!.replace(/:$/, '');
  return isRefusal(error)
    ? { code: 'ERR_ASYNCGEN_PARSE', fact: `cannot be parsed (${printable(reason)})`, loc }
    : {
        code: 'ERR_ASYNCGEN_COMPILE',
        fact: `cannot be compiled (${printable(`${name}: ${reason}`)})`,
        loc,
      };
}

/** @param exclude how files are left out: `"exclude"`, or `--exclude`. */
export const remedyFor = ({ code }: Failure, exclude: string): string =>
  code === 'ERR_ASYNCGEN_PARSE'
    ? `Mend the file, or name it in ${exclude}.`
    : `Name it in ${exclude}.`;
