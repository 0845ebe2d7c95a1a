interface Host {
  process?: { emitWarning?: (warning: Error | string, options?: object) => void };
  reportError?: (error: unknown) => void;
}

/** Where a code is explained: in the package as it is published, and in its repository. */
export const pageOf = (code: string): string =>
  `See asyncgen-hooks/docs/errors.md#${code.toLowerCase()}`;

/**
 * Tells of what may not be thrown: by `process.emitWarning` where there is one, else by
 * `reportError`, else by `console.error`. Never throws.
 */
export function warn(message: string, code: string, cause?: unknown): void {
  const page = pageOf(code);
  try {
    const { process, reportError } = globalThis as Host;
    if (typeof process?.emitWarning === 'function')
      return emit(process as Emitter, buildWarning(message, code, page, cause));
    // Consoles of browsers print the message alone.
    const warning = buildWarning(`${message}\n${page}`, code, page, cause);
    if (typeof reportError === 'function') reportError(warning);
    else console.error(warning);
  } catch {
    // The host's own reporting is broken; there is no further place to tell it.
  }
}

/** Node prints the `detail` below the message: the page, and the stack of the cause. */
function buildWarning(message: string, code: string, page: string, cause: unknown): Warning {
  const stack = printableStack(stackOf(cause));
  const detail = stack === undefined ? page : `${page}\n${stack}`;
  const warning = Object.assign(new Error(printableLines(message), { cause }), { code, detail });
  Object.defineProperty(warning, 'name', {
    __proto__: null,
    value: 'AsyncGenHooksWarning',
  } as PropertyDescriptor);
  return warning;
}

type Warning = Error & { code: string; detail: string };
type Emitter = Required<NonNullable<Host['process']>>;

/** Node before 24 takes no error of another realm, as those of a file that Jest runs are. */
function emit(process: Emitter, warning: Warning): void {
  try {
    process.emitWarning(warning);
  } catch {
    const { name, message, code, detail } = warning;
    process.emitWarning(message, { type: name, code, detail });
  }
}

/** A control character, or one that changes the order of what stands beside it. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

const escaped = (char: string): string =>
  char < ' '
    ? JSON.stringify(char).slice(1, -1)
    : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * A name, a file or a message of the program as one line that is safe to print: a terminal obeys
 * control characters, and a line break would let a name forge a line of ours.
 */
export const printable = (text: string): string => text.replace(UNPRINTABLE, escaped);

/** The same for what has lines, as stacks have. */
export const printableLines = <Text extends string | undefined>(text: Text): Text =>
  text?.replace(UNPRINTABLE, (char) => (/[\n\t]/.test(char) ? char : escaped(char))) as Text;

/**
 * A stack, with its message: a line of it that has no place of its own is moved in, so that none can
 * pass for a line of ours. `>` begins a line of Babel's code frames.
 */
export const printableStack = <Text extends string | undefined>(stack: Text): Text =>
  printableLines(stack)?.replace(/\n(?=[^\s>])/g, '$&    ') as Text;

/** The last lines of a warning, where the stack of the first step is known. */
export const firstIterated = (stack: string | undefined): string =>
  stack === undefined ? '' : `\nFirst iterated:\n${printableStack(stack)}`;

/** What an error says, in quotes; for any value. */
export function quote(error: unknown): string {
  try {
    return `"${printable(error instanceof Error ? error.message : String(error))}"`;
  } catch {
    return 'a value that cannot be printed';
  }
}

function stackOf(error: unknown): string | undefined {
  try {
    return error instanceof Error ? error.stack : undefined;
  } catch {
    return undefined;
  }
}

/** `1 item`, `2 items` */
export const plural = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

/** A wrong value, for a message; for any value. */
export function show(value: unknown): string {
  if (typeof value === 'string') return printable(JSON.stringify(value));
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/**
 * What an object holds by a name, itself or by its class. What somebody put on `Object.prototype`
 * was not given to us: by prototype pollution, data would become an option or a hook.
 */
export function readOwn(given: object, name: string): unknown {
  for (
    let at: object | null = given;
    at !== null;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    // Of whichever realm it is, `Object.prototype` is the last.
    if (at !== given && Object.getPrototypeOf(at) === null) return undefined;
    if (Object.hasOwn(at, name)) return (given as Record<string, unknown>)[name];
  }
  return undefined;
}
