import { h, type ComponentChild, type ComponentChildren } from 'preact';
import { duration, many } from './format.js';
import type { Row } from './model.js';
import type { Sources } from '../report/page.js';
import { Source } from './sources.js';

interface Props {
  readonly row: Row;
  readonly now: number;
  readonly sources: Sources;
  readonly act?: ComponentChildren;
}

/** One generator. */
export function Details({ row, now, sources, act }: Props): ComponentChild {
  const { name, place, how, items, from, to, waited, parked, begun, site, thread } = row;
  const facts = [
    how,
    ...(thread === 0 ? [] : [`in worker thread ${thread}`]),
    many(items, 'item'),
    `begun at ${duration(from)}`,
    `${duration(Math.min(to, now) - from)} long`,
    `waited for ${duration(waited)} in all`,
  ];
  return h('section', { class: 'details' }, [
    h('h2', null, [name, ' ', h('small', null, place)]),
    h('p', null, facts.join(', '), ' ', act),
    begun && h('p', null, 'First iterated ', begun.text),
    h(Details.Sources, {
      sources,
      places: [
        { title: 'Defined at', file: site.file, line: site.line },
        ...(parked ? [{ title: 'Parked at', ...parked }] : []),
        ...(begun ? [{ title: 'First iterated at', file: begun.file, line: begun.line }] : []),
      ],
    }),
  ]);
}

interface Place {
  readonly title: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

Details.Sources = ({
  sources,
  places,
}: {
  sources: Sources;
  places: readonly Place[];
}): ComponentChild =>
  h(
    'div',
    { class: 'sources' },
    places.map(({ title, file, line }) => h(Source, { title, file, line, sources })),
  );
