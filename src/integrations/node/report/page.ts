/** The report as one page that needs nothing else. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from './report.js';

declare const VERSION: string;

/** So many lines of a file are in the page, before and behind a place. */
const LINES_AROUND = 6;
/** Beyond that nobody reads. */
const MOST_PLACES = 1000;
const LONGEST_LINE = 500;

/** Lines of a file, by their numbers. */
export type Sources = Record<string, Record<number, string>>;

/** What stands in the page. */
export interface PageData extends Pick<
  Report,
  'cwd' | 'generators' | 'lanes' | 'processes' | 'leaks' | 'lost'
> {
  readonly tool: string;
  /** What `lanes` count from, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly sources: Sources;
  /** Where the page hears of what goes on. */
  readonly isLive?: boolean;
}

export const pageData = (report: Report): PageData => {
  const { cwd, generators, lanes, processes, leaks, lost, startedAt } = report;
  const sources = sourcesOf(cwd, placesOf(report));
  const tool = `asyncgen-hooks ${VERSION}`;
  return { tool, startedAt, cwd, generators, lanes, processes, leaks, lost, sources };
};

export const formatPage = (report: Report): string => pageOf(pageData(report));

/** The page with its data; nothing that these say is read as HTML, and the page loads nothing. */
export function pageOf(data: PageData): string {
  const script = readFileSync(fileURLToPath(new URL('./page.js', import.meta.url)), 'utf8');
  // Whatever it holds, a script of a page ends at the first `</script`.
  const code = script.replace(/<(?=\/script|script|!--)/gi, '\\x3c');
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  // Node takes longer to load it than to print a report.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = createHash('sha256').update(code).digest('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    `connect-src ${data.isLive ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">`,
    '<meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark">',
    '<title>asyncgen-hooks</title>',
    '<noscript>This page is drawn by JavaScript.</noscript>',
    '<main id="page"></main>',
    `<script type="application/json" id="data">${json}</script>`,
    `<script>${code}</script>`,
    '',
  ].join('\n');
}

interface Place {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

function* placesOf({ generators, lanes }: Report): Generator<Place> {
  for (const each of generators) {
    yield each;
    for (const { parked, begun } of each.left) {
      if (parked) yield parked;
      if (begun) yield begun;
    }
  }
  yield* lanes.sites;
  yield* lanes.beginnings;
  for (const { lanes: all } of lanes.threads)
    for (const { parked } of all) if (parked) yield parked;
}

export function sourcesOf(cwd: string, places: Iterable<Place>): Sources {
  const sources: Sources = Object.create(null) as Sources;
  const files = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const { file, line } of places) {
    if (file === undefined || line === undefined || seen.has(`${line} ${file}`)) continue;
    if (seen.size >= MOST_PLACES) break;
    seen.add(`${line} ${file}`);
    let lines = files.get(file);
    if (lines === undefined) files.set(file, (lines = linesOf(resolve(cwd, file))));
    const shown = (sources[file] ??= {});
    for (let at = Math.max(1, line - LINES_AROUND); at <= line + LINES_AROUND; at++)
      if (at <= lines.length) shown[at] = lines[at - 1]!.slice(0, LONGEST_LINE);
  }
  return sources;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r\n|[\n\r\u2028\u2029]/);
  } catch {
    return [];
  }
}
