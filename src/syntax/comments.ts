interface Comment {
  readonly value: string;
}

type Comments = readonly Comment[] | null | undefined;

const IGNORE = /^\s*asyncgen-hooks\s+ignore\s+(next|file)\b/;

/** `@jsx`, `@jsxRuntime`, `@ts-nocheck`…, which hold for the whole file, in front of all code. */
const PRAGMA = /@(?:jsx|ts-(?:no)?check\b)/;

export const isPragma = ({ value }: Comment): boolean => PRAGMA.test(value);

/** Whether a comment in the file asks to leave all of it alone. */
export const isIgnoredFile = (comments: Comments): boolean =>
  comments?.some(({ value }) => IGNORE.exec(value)?.[1] === 'file') ?? false;

/** Whether a comment in front of a node asks to leave it alone, with all that is in it. */
export const isIgnoredNext = (leading: Comments): boolean =>
  leading?.some(({ value }) => IGNORE.exec(value)?.[1] === 'next') ?? false;
