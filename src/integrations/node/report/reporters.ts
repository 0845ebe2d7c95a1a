/** The report for other tools: what continuous integration shows beside the code. */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plural, printable } from '../../../messages.js';
import { keyOf, type GeneratorReport, type Report } from './report.js';
import { sayBeginning, sayKind, sayPlace } from './words.js';

declare const VERSION: string;

/** A generator function whose generators were left. */
interface Leak {
  readonly generator: GeneratorReport;
  readonly title: string;
  /** One line for each kind. */
  readonly details: readonly string[];
  /** A baseline has it. */
  readonly isKnown: boolean;
}

type Reporter = (report: Report, leaks: readonly Leak[]) => string;

export const REPORTERS = { github, junit, markdown, sarif } satisfies Record<string, Reporter>;
export type ReporterName = keyof typeof REPORTERS;

/** @param known the functions whose leaks a baseline has, as `keyOf` names them. */
export function formatFor(name: ReporterName, report: Report, known?: ReadonlySet<string>): string {
  const leaks = report.generators
    .filter(({ abandoned, open }) => abandoned + open > 0)
    .map((generator): Leak => {
      const { abandoned, open } = generator;
      const counts = [abandoned > 0 && `${abandoned} abandoned`, open > 0 && `${open} still open`];
      const title = `${printable(generator.name) || '(anonymous)'}: ${counts.filter(Boolean).join(', ')}`;
      const details = generator.left.map((kind) =>
        [sayKind(kind), kind.begun && `first iterated ${sayBeginning(kind.begun)}`]
          .filter(Boolean)
          .join('; '),
      );
      return { generator, title, details, isKnown: known?.has(keyOf(generator)) ?? false };
    });
  return REPORTERS[name](report, leaks);
}

/**
 * Annotations of GitHub Actions, which reads them from both streams.
 * Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
function github(_report: Report, leaks: readonly Leak[]): string {
  const data = (text: string): string =>
    text.replace(
      /[%\r\n]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
  const property = (value: unknown): string =>
    data(String(value)).replace(/:/g, '%3A').replace(/,/g, '%2C');
  return leaks
    .map(({ generator: { file, line, column = 0 }, title, details, isKnown }) => {
      const place = file === undefined ? {} : { file: printable(file), line, col: column + 1 };
      const properties = { ...place, title: 'async generator left open' };
      const list = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
      const text = data([title, ...details].join('\n'));
      return `::${isKnown ? 'notice' : 'error'} ${list.join(',')}::${text}\n`;
    })
    .join('');
}

/** One test case for each generator function; what left one has failed. */
function junit({ generators }: Report, leaks: readonly Leak[]): string {
  const byGenerator = new Map(leaks.map((leak) => [leak.generator, leak]));
  const cases = generators.map((generator) => {
    const attributes = `name="${xml(printable(generator.name) || '(anonymous)')}" classname="${xml(sayPlace(generator))}"`;
    const leak = byGenerator.get(generator);
    if (leak === undefined) return `    <testcase ${attributes}/>`;
    const text = xml(leak.details.join('\n'));
    const inner = leak.isKnown
      ? `<skipped message="${xml(`in the baseline: ${leak.title}`)}"/>`
      : `<failure message="${xml(leak.title)}">${text}</failure>`;
    return `    <testcase ${attributes}>${inner}</testcase>`;
  });
  const skipped = leaks.filter(({ isKnown }) => isKnown).length;
  const counts = `tests="${cases.length}" failures="${leaks.length - skipped}" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="asyncgen-hooks" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const xml = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char]!);

/** For a job's summary, or a comment. */
function markdown({ generators }: Report, leaks: readonly Leak[]): string {
  const cell = (text: string): string =>
    text.replace(/[\\|<>`*_[\]]/g, '\\$&').replace(/\n/g, '<br>');
  if (leaks.length === 0)
    return `### asyncgen-hooks\n\nNo async generator was left open (${plural(generators.length, 'function')}).\n`;
  const rows = leaks.map(({ generator, title, details, isKnown }) => {
    const cells = [
      title + (isKnown ? ' (in the baseline)' : ''),
      sayPlace(generator),
      details.join('\n'),
    ];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  const head = ['| async generators left open | defined at | where they are |', '|---|---|---|'];
  return `### asyncgen-hooks\n\n${[...head, ...rows].join('\n')}\n`;
}

/** A path as a reference: nothing in it begins a query or a fragment, and no colon ends a scheme. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  const uri = encodeURI(file.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[?#]/g,
    encodeURIComponent,
  );
  return /^[^/]*:/.test(uri) ? `./${uri}` : uri;
}

/** Source: SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
function sarif(_report: Report, leaks: readonly Leak[]): string {
  const location = (
    file: string,
    line: number | undefined,
    column: number | undefined,
    text?: string,
  ): object => ({
    physicalLocation: {
      artifactLocation: { uri: uriOf(file), uriBaseId: '%SRCROOT%' },
      region: {
        startLine: line,
        ...(column !== undefined && { startColumn: column + 1 }),
      },
    },
    ...(text !== undefined && { message: { text } }),
  });
  const results = leaks.map(({ generator, title, details, isKnown }) => {
    const { file, line, column, left } = generator;
    const related = left.flatMap(({ parked, begun }) => [
      ...(parked ? [location(parked.file, parked.line, undefined, 'parked here')] : []),
      ...(begun ? [location(begun.file, begun.line, begun.column, 'first iterated here')] : []),
    ]);
    return {
      ruleId: 'async-generator-left-open',
      level: 'error',
      baselineState: isKnown ? 'unchanged' : 'new',
      message: { text: [title, ...details].join('\n') },
      locations: file === undefined ? [] : [location(file, line, column)],
      relatedLocations: related,
    };
  });
  const driver = {
    name: 'asyncgen-hooks',
    version: VERSION,
    rules: [
      {
        id: 'async-generator-left-open',
        shortDescription: { text: 'An async generator was abandoned, or still open at the end.' },
      },
    ],
  };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
