/**
 * The values of programs and schedules, by number: the maker's name in the world, or what only
 * source text can say. The plain ones come more than once, and first.
 */
export const VALUES = [
  'number',
  'number',
  'undefined',
  'resolved',
  'resolved',
  'late',
  'late',
  'rejected',
  'lateRejected',
  'thenable',
  'thenable',
  'object',
  'peer',
  '#last',
  '#this',
  '#arguments',
  '#boom',
  '#nested',
];

const BY_TEXT = {
  '#last': () => 'r',
  '#this': () => '$.name(this)',
  '#arguments': () => 'arguments.length',
  '#boom': (n) => `$.boom(${n})`,
  '#nested': (n, m) => (m % 2 ? `(yield ${n})` : `(await $.late(${n}, ${m}))`),
};

/** The text of an operand; `inArrow` where neither `yield` nor `await` may stand. */
export function printValue([kind, n, m], inArrow = false) {
  const name = VALUES[kind];
  if (name === 'number' || (inArrow && name === '#nested')) return String(n);
  if (name === 'undefined') return 'undefined';
  if (name.startsWith('#')) return BY_TEXT[name](n, m);
  return `$.${name}(${n}, ${m})`;
}

/** The value itself, for a schedule. */
export function makeValue(world, [kind, n, m]) {
  const name = VALUES[kind];
  if (name === 'undefined') return undefined;
  return name === 'number' || name.startsWith('#') ? n : world[name](n, m);
}
