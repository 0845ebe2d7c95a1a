import { transformSync } from '@babel/core';
import { KINDS } from './hooks.mjs';
import { printProgram } from './print.mjs';
import { printValue } from './print-values.mjs';

const STEPS = ['next', 'return', 'throw'];
/** Lines of a record before and after the first difference. */
const AROUND = 30;

/** A failed case for a reader: program, schedule, hooks, both records. */
export function describe({ testCase, difference: { what, left, right } }) {
  const { strict, calm, ops, hooks } = testCase;
  const { top, main } = printProgram(testCase, '');
  const at = left.findIndex((line, i) => line !== right[i]);
  const isContract = what.startsWith('the contract');
  const [one, other] = isContract ? ['events', 'streams'] : what.split(', ');
  return [
    `differs: ${what}`,
    `\nprogram (${strict ? 'strict' : 'sloppy'}${calm ? ', calm' : ''}):`,
    format(`${top}\nconst callers = (${main})();`),
    '\nschedule:',
    ...ops.map((op) => `  ${showOp(op)}`),
    '\nhooks:',
    ...showHooks(hooks),
    `\n${one}:`,
    ...excerpt(left, isContract ? -1 : at),
    `\n${other}:`,
    ...excerpt(right, isContract ? -1 : at),
  ].join('\n');
}

const format = (code) => transformSync(code, { configFile: false, babelrc: false }).code;

function showOp([kind, n, m, value]) {
  if (kind === 'step') return `generator ${n}: ${STEPS[m]}(${printValue(value)})`;
  if (kind === 'make') return `call ${n}, arguments ${m}`;
  if (kind === 'ticks') return `${n} ticks`;
  if (kind === 'consume') return `for await, generator ${n}, leaves after ${m} by ${value}`;
  return kind === 'wrong' ? `generator ${n}: ${STEPS[m]} on wrong receivers` : kind;
}

function showHooks({ pass, slot, added, spare }) {
  const show = (name, set) => {
    const hooks = Object.entries(set).filter(([, behaviour]) => behaviour !== null);
    const shown = hooks.map(([hook, [kind, n, m]]) => {
      return `${hook} "${KINDS[hook][kind] ?? KINDS[hook][0]}" (${n}, ${m})`;
    });
    return `  ${name}: ${shown.join(', ') || 'none'}`;
  };
  return [
    ...(pass ? ['  (those that would not pass through do)'] : []),
    show('slot', slot),
    ...added.map((set) => show('added', set)),
    ...spare.map((set) => show('spare', set)),
  ];
}

function excerpt(lines, at) {
  const from = Math.max(at - AROUND, 0);
  const to = at < 0 ? Math.min(lines.length, 4 * AROUND) : at + AROUND;
  const shown = lines.slice(from, to).map((line, i) => `${from + i === at ? '> ' : '  '}${line}`);
  if (from > 0) shown.unshift('  ...');
  return to < lines.length ? [...shown, '  ...'] : shown;
}
