import fc from 'fast-check';
import { CALLS, FORMS } from './forms.mjs';
import { VALUES } from './print-values.mjs';

/**
 * What fast-check makes: plain data, small numbers at the leaves and 0 the plainest choice of each,
 * so that what is left after shrinking is short. The printer gives it its meaning.
 *
 * Sizes are ours, not fast-check's: programs of one run should be of all sizes.
 */
const list = (item, minLength, maxLength) =>
  fc.array(item, {
    minLength,
    maxLength,
    size: 'max',
    depthIdentifier: fc.createDepthIdentifier(),
  });
const pick = (n) => fc.nat({ max: n - 1 });
const of = (kind, ...parts) => fc.tuple(fc.constant(kind), ...parts);
const oneOf = (...weighted) =>
  fc.oneof(
    { withCrossShrink: true, maxDepth: Infinity },
    ...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })),
  );

/** [kind, n, m]: an operand, or a value that the program is sent. */
const value = fc.tuple(pick(VALUES.length), pick(4), pick(6));
/** [kind, n, m, values]: what `yield*` and `for await` go through. */
const source = fc.tuple(pick(8), pick(8), pick(32), list(value, 0, 3));
/** [own or which other, next/return/throw, value, awaited] */
const poke = [pick(4), pick(3), value, pick(3)];

const leaf = oneOf(
  [3, of('log')],
  [8, of('yield', value, pick(4))],
  [4, of('await', value)],
  [2, of('return', value)],
  [2, of('throw', value)],
  [5, of('delegate', source)],
  [3, of('poke', ...poke)],
  [1, of('look', pick(8), pick(8))],
  [1, of('prototype', pick(8), pick(5))],
  [1, of('leave', pick(2))],
);

const statements = [leaf];
const block = (depth) => list(statement(depth), 0, depth > 0 ? 4 : 2);
const definition = (depth) =>
  fc.record({
    form: pick(FORMS.length),
    params: pick(8),
    named: pick(2),
    /** Of those that a schedule calls: another prototype, the way of calling. */
    shape: pick(12).map((n) => 11 - n),
    style: pick(CALLS.length),
    body: block(depth),
  });

/** A statement with at most `depth` blocks around its innermost leaf. */
function statement(depth) {
  return (statements[depth] ??= oneOf(
    [7, leaf],
    [3, of('try', block(depth - 1), block(depth - 1), block(depth - 1), pick(3))],
    [1, of('loop', pick(3), block(depth - 1))],
    [1, of('if', block(depth - 1), block(depth - 1))],
    [1, of('for-await', source, block(depth - 1))],
    [2, of('define', definition(depth - 1))],
    [1, of('spot', definition(depth - 1), pick(4), pick(3))],
  ));
}

const op = oneOf(
  [10, of('step', pick(6), pick(3), value)],
  [8, of('step', pick(6), fc.constant(0), value)],
  [3, of('make', pick(4), pick(4))],
  [5, of('wait')],
  [2, of('ticks', pick(8))],
  [2, of('consume', pick(6), pick(4), pick(2))],
  [1, of('wrong', pick(6), pick(3))],
);

/** [kind, n, m]: what a hook does, and how often. */
const behaviour = fc.option(fc.tuple(pick(13), pick(4), pick(4)), { freq: 4 });
const hookSet = fc.record({
  firstiter: behaviour,
  iter: behaviour,
  finalizer: behaviour,
  init: behaviour,
  resume: behaviour,
});

/**
 * One case: a program, a schedule, hooks. In a `calm` one only one generator is at work at a time,
 * so that what happens does not depend on how many microtasks a hook takes. A `plain` one yields no
 * promise and reads generators of ours alone: there `iter` hooks take no microtask.
 */
export const testCase = fc.record({
  strict: fc.boolean(),
  calm: fc.boolean(),
  plain: fc.boolean(),
  definitions: list(oneOf([2, definition(1)], [1, definition(3)]), 1, 3),
  ops: list(op, 1, 10),
  hooks: fc.record({
    pass: fc.boolean(),
    slot: hookSet,
    added: list(hookSet, 0, 2),
    spare: list(hookSet, 0, 2),
  }),
});
