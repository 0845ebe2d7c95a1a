/** The second is in the names of Babel's helpers for what it lowered. */
const WORDS = ['async', 'AsyncGen'];
const BYTES = WORDS.map((word) => Buffer.from(word));

/**
 * Whether the text of a file has what every file has that is compiled, or was lowered. Far quicker than the test proper, and
 * on bytes: most files are told by it.
 */
export const hasWords = (source: string | Buffer): boolean =>
  typeof source === 'string'
    ? WORDS.some((word) => source.includes(word))
    : BYTES.some((word) => source.includes(word));
