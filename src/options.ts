import { closestMatch } from 'leven';
import { printable, readOwn, show } from './messages.js';

/** How the options of all rooms are checked; the runtime takes none. */

/** Names of a closed set: which one may have been meant, if one is near, and which there are. */
export function suggest(name: string, names: readonly string[], kind: string): string {
  // Beyond that it is another word, and no slip.
  const maxDistance = Math.min(3, Math.floor(0.4 * name.length));
  const meant = closestMatch(name, names, { maxDistance });
  const question = meant === undefined ? '' : `Did you mean "${meant}"? `;
  return `${question}The ${kind} are ${names.join(', ')}.`;
}

/** @param subject the room, and the function if there is one to name: `node: closeOnExit():` */
export const optionError = (subject: string, text: string): TypeError =>
  Object.assign(new TypeError(`asyncgen-hooks/${subject} ${text}`), {
    code: 'ERR_ASYNCGEN_OPTION',
  });

/**
 * Checks that options are an object and have no other names than `names`; what they hold is for the
 * caller to check.
 * @param subject as `optionError` takes it.
 * @returns what the object holds by these names, as a record that inherits nothing.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`.
 */
export function checkNames<Options extends object>(
  subject: string,
  given: unknown,
  names: readonly string[],
): Options {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw optionError(subject, `the options are ${show(given)}. Pass an object.`);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw optionError(
      subject,
      `Unknown option "${printable(name)}". ${suggest(name, names, 'options')}`,
    );
  }
  const record = Object.create(null) as Record<string, unknown>;
  for (const name of names) {
    const value = readOwn(given, name);
    if (value !== undefined) record[name] = value;
  }
  return record as Options;
}
