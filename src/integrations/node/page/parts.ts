import { h, type ComponentChild } from 'preact';
import { count, many } from './format.js';
import type { FunctionRow } from './model.js';

const LEGEND = [
  ['waiting', 'somebody waits for a step'],
  ['parked', 'waits at a yield'],
  ['closing', 'closing'],
  ['item', 'an item'],
] as const;
const ENDS = [
  ['●', 'good', 'exhausted'],
  ['○', 'good', 'closed'],
  ['×', 'bad', 'failed'],
  ['◇', 'bad', 'abandoned'],
  ['▶', 'bad', 'still open'],
] as const;

export function Verdict({ generators }: { generators: readonly FunctionRow[] }): ComponentChild {
  const sum = (field: 'called' | 'abandoned' | 'open' | 'failed' | 'neverIterated'): number =>
    generators.reduce((total, each) => total + each[field], 0);
  const problems = (
    [
      ['abandoned', 'abandoned'],
      ['open', 'still open'],
      ['failed', 'failed'],
      ['neverIterated', 'never iterated'],
    ] as const
  ).flatMap(([field, text]) => (sum(field) > 0 ? [`${count(sum(field))} ${text}`] : []));
  return h('p', { class: problems.length > 0 ? 'verdict bad' : 'verdict good' }, [
    `${many(sum('called'), 'generator')}: `,
    problems.length > 0 ? problems.join(', ') : 'no problem',
  ]);
}

export function Legend(): ComponentChild {
  return h('div', { class: 'legend' }, [
    LEGEND.map(([name, text]) => h('span', null, [h('i', { class: name }), text])),
    ENDS.map(([sign, kind, text]) => h('span', null, [h('b', { class: kind }, sign), text])),
  ]);
}

export function Chip({ text, onRemove }: { text: string; onRemove: () => void }): ComponentChild {
  return h(
    'button',
    { type: 'button', class: 'chip', onClick: onRemove, title: 'Show all again' },
    `${text} ✕`,
  );
}
