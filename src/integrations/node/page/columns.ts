import { count, duration } from './format.js';
import { isProblem, type FunctionRow, type Row } from './model.js';
import type { Column } from './table.js';

export const FUNCTIONS: readonly Column<FunctionRow>[] = [
  { title: 'function', value: ({ shownName }) => shownName, width: 'minmax(8em, 2fr)' },
  {
    title: 'defined at',
    value: ({ place }) => place,
    width: 'minmax(8em, 3fr)',
    mark: () => 'place',
  },
  ...(
    [
      ['called', 'called'],
      ['items', 'items'],
      ['exhausted', 'exhausted'],
      ['closed', 'closed'],
      ['failed', 'failed'],
      ['abandoned', 'abandoned'],
      ['open', 'open'],
      ['never iterated', 'neverIterated'],
    ] as const
  ).map(([title, field]): Column<FunctionRow> => ({
    title,
    value: (each) => each[field],
    show: (each) => (each[field] === 0 ? '' : count(each[field])),
    width: 'minmax(5.4em, 1fr)',
    mark: (each) => (BAD.has(field) && each[field] > 0 ? 'bad' : ''),
  })),
  {
    title: 'slowest step',
    value: ({ slowestStep }) => slowestStep,
    show: ({ slowestStep }) => duration(slowestStep),
    width: 'minmax(6em, 1fr)',
  },
];
const BAD = new Set(['failed', 'abandoned', 'open', 'neverIterated']);

export const generatorColumns = (now: number): readonly Column<Row>[] => [
  { title: 'function', value: ({ name }) => name, width: 'minmax(8em, 2fr)' },
  {
    title: 'defined at',
    value: ({ place }) => place,
    width: 'minmax(8em, 2fr)',
    mark: () => 'place',
  },
  {
    title: 'state',
    value: ({ how }) => how,
    width: 'minmax(6em, 1fr)',
    mark: (row) => (isProblem(row) ? 'bad' : ''),
  },
  {
    title: 'begun',
    value: ({ from }) => from,
    show: ({ from }) => duration(from),
    width: 'minmax(5em, 1fr)',
  },
  {
    title: 'for',
    value: ({ from, to }) => Math.min(to, now) - from,
    show: ({ from, to }) => duration(Math.min(to, now) - from),
    width: 'minmax(5em, 1fr)',
  },
  {
    title: 'items',
    value: ({ items }) => items,
    show: ({ items }) => count(items),
    width: 'minmax(4em, 1fr)',
  },
  {
    title: 'waited for',
    value: ({ waited }) => waited,
    show: ({ waited }) => duration(waited),
    width: 'minmax(5em, 1fr)',
  },
  {
    title: 'first iterated',
    value: ({ begun }) => begun?.text ?? '',
    width: 'minmax(8em, 3fr)',
    mark: () => 'place',
  },
];
