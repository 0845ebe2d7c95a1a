import { h, type ComponentChild, type ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { FUNCTIONS, generatorColumns } from './columns.js';
import { Details } from './details.js';
import { count, duration, many } from './format.js';
import { Lanes } from './lanes.js';
import {
  functionsOf,
  isProblem,
  rankOf,
  spanOf,
  type FunctionRow,
  type Row,
  type State,
} from './model.js';
import { Overview } from './overview.js';
import { Chip, Legend, Verdict } from './parts.js';
import { Table } from './table.js';

/** @param live what stands beside the title of a page that goes on, and what may be done to a generator there. */
export function App({
  state,
  status,
  act,
}: {
  readonly state: State;
  readonly status?: ComponentChild;
  readonly act?: (row: Row) => ComponentChildren;
}): ComponentChild {
  const { data, rows, now } = state;
  const theme = useTheme();
  const [search, setSearch] = useState('');
  const [onlyProblems, setOnlyProblems] = useState(false);
  const [tab, setTab] = useState<'functions' | 'generators'>('functions');
  const [chosenFunction, setFunction] = useState<string | undefined>();
  const [chosenRow, setRow] = useState<string | undefined>();
  const [given, setRange] = useState<readonly [number, number] | undefined>();
  const span = useMemo(() => spanOf(rows, now), [rows, now]);
  const range = given ?? span;

  const functions = useMemo(() => functionsOf(data.generators), [data]);
  const wanted = search.trim().toLowerCase();
  const shownFunctions = functions.filter(
    (each) =>
      each.text.includes(wanted) &&
      (!onlyProblems || each.abandoned + each.open + each.failed + each.neverIterated > 0),
  );
  const chosen = functions.find(({ key }) => key === chosenFunction);
  const shownRows = useMemo(() => {
    const all = rows.filter(
      (row) =>
        row.text.includes(wanted) &&
        (!onlyProblems || isProblem(row)) &&
        (chosen === undefined || isOf(row, chosen)),
    );
    // Problems first; of the others, what began first.
    return all.sort((a, b) => rankOf(a) - rankOf(b) || a.from - b.from);
  }, [rows, wanted, onlyProblems, chosen]);
  const row = rows.find(({ key }) => key === chosenRow);
  const columns = useMemo(() => generatorColumns(now), [now]);
  const forgotten = data.lanes.threads.reduce((sum, { more }) => sum + more, 0);

  return h('div', null, [
    h('header', { key: 'head' }, [
      h('h1', null, 'asyncgen-hooks'),
      status ?? h(Verdict, { generators: functions }),
      h('p', { class: 'dim cwd' }, data.cwd),
    ]),
    h('section', { key: 'controls', class: 'controls' }, [
      h('input', {
        type: 'search',
        placeholder: 'Search names, files, states',
        'aria-label': 'Search',
        value: search,
        onInput: (event: Event) => setSearch((event.target as HTMLInputElement).value),
      }),
      h('label', null, [
        h('input', {
          type: 'checkbox',
          checked: onlyProblems,
          onChange: (event: Event) => setOnlyProblems((event.target as HTMLInputElement).checked),
        }),
        ' problems only',
      ]),
      chosen &&
        h(Chip, {
          text: `${chosen.shownName} ${chosen.place}`,
          onRemove: () => setFunction(undefined),
        }),
      given &&
        h(Chip, {
          text: `${duration(range[0])} to ${duration(range[1])}`,
          onRemove: () => setRange(undefined),
        }),
    ]),
    rows.length > 0 &&
      h('section', { key: 'time' }, [
        h(Overview, { rows: shownRows, span, theme, onChoose: (from, to) => setRange([from, to]) }),
        h(Legend, null),
        h(Lanes, {
          rows: shownRows,
          span,
          range,
          now,
          chosen: chosenRow,
          theme,
          onChoose: (each) => setRow(each.key),
          onRange: setRange,
        }),
        h('p', { class: 'dim note' }, [
          `${many(shownRows.length, 'lane')} of ${count(rows.length)}. Ctrl and the wheel zoom, dragging moves, a double click shows all.`,
          forgotten > 0 &&
            ` ${many(forgotten, 'more generator')} left no lane and no trace in the curves: a thread keeps 5,000.`,
        ]),
      ]),
    row && h(Details, { key: 'details', row, now, sources: data.sources, act: act?.(row) }),
    h('section', { key: 'table' }, [
      h(
        'div',
        { class: 'tabs', role: 'tablist' },
        (['functions', 'generators'] as const).map((name) =>
          h(
            'button',
            {
              type: 'button',
              role: 'tab',
              'aria-selected': tab === name,
              onClick: () => setTab(name),
            },
            name === 'functions'
              ? many(shownFunctions.length, 'function')
              : many(shownRows.length, 'generator'),
          ),
        ),
      ),
      tab === 'functions'
        ? h(Table<FunctionRow>, {
            key: 'functions',
            label: 'Generator functions',
            items: shownFunctions,
            columns: FUNCTIONS,
            keyOf: ({ key }: FunctionRow) => key,
            chosen: chosenFunction,
            onChoose: ({ key }: FunctionRow) =>
              setFunction(key === chosenFunction ? undefined : key),
          })
        : h(Table<Row>, {
            key: 'generators',
            label: 'Generators',
            items: shownRows,
            columns,
            keyOf: ({ key }: Row) => key,
            chosen: chosenRow,
            onChoose: ({ key }: Row) => setRow(key),
          }),
    ]),
    chosen && h(FunctionSource, { key: 'source', chosen, state }),
    h('footer', { key: 'foot', class: 'dim' }, [
      data.tool,
      data.startedAt > 0 && `, run of ${new Date(data.startedAt).toLocaleString()}`,
      data.processes > 1 && `, ${data.processes} processes`,
      data.lost.length > 0 && `. Lost: ${data.lost.join('; ')}`,
    ]),
  ]);
}

const isOf = ({ site, name }: Row, each: FunctionRow): boolean =>
  name === each.shownName && site.file === each.file && site.line === each.line;

function FunctionSource({ chosen, state }: { chosen: FunctionRow; state: State }): ComponentChild {
  return h('section', { class: 'details' }, [
    h('h2', null, [chosen.shownName, ' ', h('small', null, chosen.place)]),
    h(Details.Sources, {
      sources: state.data.sources,
      places: [
        { title: 'Defined at', ...placeOf(chosen) },
        ...chosen.left
          .slice(0, 4)
          .flatMap(({ parked, awaits, begun, count: often }) => [
            ...(parked ? [{ title: `${often} parked at`, ...parked }] : []),
            ...(awaits ? [{ title: `${often} waiting at`, ...awaits }] : []),
            ...(begun ? [{ title: 'First iterated at', ...begun }] : []),
          ]),
      ],
    }),
  ]);
}

const placeOf = ({
  file,
  line,
}: FunctionRow): { file: string | undefined; line: number | undefined } => ({ file, line });

function useTheme(): string {
  const query = useMemo(() => matchMedia('(prefers-color-scheme: dark)'), []);
  const [isDark, setDark] = useState(query.matches);
  useEffect(() => {
    const onChange = (): void => setDark(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, [query]);
  return isDark ? 'dark' : 'light';
}
