import { h, type ComponentChild } from 'preact';
import { useMemo, useState } from 'preact/hooks';

export interface Column<Item> {
  readonly title: string;
  /** What it is sorted by. */
  readonly value: (item: Item) => string | number;
  /** What it shows, if that is something else. */
  readonly show?: (item: Item) => string;
  /** The width, as CSS has it for a column of a grid. */
  readonly width: string;
  readonly mark?: (item: Item) => string;
}

interface Props<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  readonly chosen: string | undefined;
  readonly onChoose: (item: Item) => void;
}

const ROW = 26;
const HEIGHT = 364;
/** Beyond both ends of what can be seen. */
const SPARE = 6;

/** A table of which only those rows are in the page that can be seen. */
export function Table<Item>(props: Props<Item>): ComponentChild {
  const { label, items, columns, keyOf, chosen, onChoose } = props;
  const [order, setOrder] = useState<{ column: number; isUp: boolean } | undefined>(undefined);
  const [top, setTop] = useState(0);
  const sorted = useMemo(() => sort(items, columns, order), [items, columns, order]);
  const first = Math.max(0, Math.floor(top / ROW) - SPARE);
  const last = Math.min(sorted.length, Math.ceil((top + HEIGHT) / ROW) + SPARE);
  const template = `grid-template-columns: ${columns.map(({ width }) => width).join(' ')}`;
  const isNumber = (value: Column<Item>['value']): boolean =>
    items[0] !== undefined && typeof value(items[0]) === 'number';
  const turn = (column: number): void => {
    const isSame = order?.column === column;
    setOrder({ column, isUp: isSame ? !order.isUp : !isNumber(columns[column]!.value) });
  };
  const head = columns.map(({ title, value }, at) => {
    const isBy = order?.column === at;
    const state = isBy ? (order.isUp ? 'ascending' : 'descending') : 'none';
    const arrow = isBy ? (order.isUp ? ' ▲' : ' ▼') : '';
    return h(
      'div',
      { role: 'columnheader', 'aria-sort': state, class: isNumber(value) ? 'number' : '' },
      h('button', { type: 'button', onClick: () => turn(at) }, title, arrow),
    );
  });
  const rows = sorted.slice(first, last).map((item, i) => {
    const key = keyOf(item);
    return h(
      'div',
      {
        key,
        role: 'row',
        class: key === chosen ? 'row chosen' : 'row',
        'aria-rowindex': first + i + 2,
        'aria-selected': key === chosen,
        tabIndex: 0,
        style: `${template}; top: ${(first + i) * ROW}px`,
        onClick: () => onChoose(item),
        onKeyDown: (event: KeyboardEvent) => {
          if (event.key === 'Enter') onChoose(item);
        },
      },
      columns.map(({ value, show, mark }) => {
        const given = value(item);
        const text = show ? show(item) : String(given);
        const kind = typeof given === 'number' ? 'number ' : '';
        return h('div', { role: 'cell', class: kind + (mark?.(item) ?? ''), title: text }, text);
      }),
    );
  });
  return h(
    'div',
    { class: 'table', role: 'table', 'aria-label': label, 'aria-rowcount': sorted.length + 1 },
    h('div', { class: 'head', role: 'row', style: template }, head),
    h(
      'div',
      {
        class: 'body',
        role: 'rowgroup',
        style: `max-height: ${HEIGHT}px`,
        onScroll: (event: Event) => setTop((event.currentTarget as HTMLElement).scrollTop),
      },
      h('div', { class: 'all', style: `height: ${sorted.length * ROW}px` }, rows),
    ),
  );
}

function sort<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  order: { column: number; isUp: boolean } | undefined,
): readonly Item[] {
  const column = order && columns[order.column];
  if (column === undefined) return items;
  const sign = order!.isUp ? 1 : -1;
  const keyed = items.map((item) => ({ item, value: column.value(item) }));
  keyed.sort((a, b) => (a.value < b.value ? -sign : a.value > b.value ? sign : 0));
  return keyed.map(({ item }) => item);
}
