import { h, type ComponentChild } from 'preact';
import { printable } from '../../../messages.js';
import type { Sources } from '../report/page.js';

interface Props {
  readonly title: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly sources: Sources;
}

const AROUND = 6;

/** The lines around a place. */
export function Source({ title, file, line, sources }: Props): ComponentChild {
  if (file === undefined || line === undefined) return null;
  const lines = Object.hasOwn(sources, file) ? sources[file]! : {};
  const shown = Object.keys(lines)
    .map(Number)
    .filter((at) => Math.abs(at - line) <= AROUND);
  const width = String(line + AROUND).length;
  return h(
    'figure',
    { class: 'source' },
    h('figcaption', null, title, ' ', h('code', null, `${printable(file)}:${line}`)),
    shown.length === 0
      ? h('p', { class: 'dim' }, 'The file could not be read where the page was written.')
      : h(
          'pre',
          null,
          shown.map((at) =>
            h(
              'span',
              { class: at === line ? 'line here' : 'line' },
              h('span', { class: 'at' }, String(at).padStart(width)),
              printable(lines[at]!.replaceAll('\t', '  ')),
              '\n',
            ),
          ),
        ),
  );
}
