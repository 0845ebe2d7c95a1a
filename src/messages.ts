import { closestMatch } from 'leven';

interface Host {
  process?: { emitWarning?: (warning: Error) => void };
  reportError?: (error: unknown) => void;
}

/**
 * Tells of what may not be thrown: by `process.emitWarning` where there is one, else by
 * `reportError`, else by `console.error`. Never throws.
 */
export function warn(message: string, code: string, cause?: unknown): void {
  const warning = Object.assign(new Error(message, { cause }), { code, detail: stackOf(cause) });
  Object.defineProperty(warning, 'name', { value: 'AsyncGenHooksWarning' });
  try {
    const { process, reportError } = globalThis as Host;
    if (typeof process?.emitWarning === 'function') process.emitWarning(warning);
    else if (typeof reportError === 'function') reportError(warning);
    else console.error(warning);
  } catch {
    // The host's own reporting is broken; there is no further place to tell it.
  }
}

/** What an error says, in quotes; for any value. */
export function quote(error: unknown): string {
  try {
    return `"${error instanceof Error ? error.message : String(error)}"`;
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

/** Names of a closed set: which one may have been meant, if one is near, and which there are. */
export function suggest(name: string, names: readonly string[], kind: string): string {
  // Beyond that it is another word, and no slip.
  const maxDistance = Math.min(3, Math.floor(0.4 * name.length));
  const meant = closestMatch(name, names, { maxDistance });
  const question = meant === undefined ? '' : `Did you mean "${meant}"? `;
  return `${question}The ${kind} are ${names.join(', ')}.`;
}

/** A wrong value, for a message; for any value. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** @param subject the room, and the function if there is one to name: `node: closeOnExit(),` */
export const optionError = (subject: string, text: string): TypeError =>
  Object.assign(new TypeError(`asyncgen-hooks/${subject} ${text}`), {
    code: 'ERR_ASYNCGEN_OPTION',
  });

/**
 * Checks that options are an object and have no other names than `names`; what they hold is for the
 * caller to check.
 * @param subject as `optionError` takes it.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`.
 */
export function checkNames(
  subject: string,
  given: unknown,
  names: readonly string[],
): asserts given is object {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw optionError(subject, `options, they are ${show(given)}. Pass an object.`);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw optionError(
      subject,
      `option "${name}", there is none of that name. ${suggest(name, names, 'options')}`,
    );
  }
}
