import { GOAL } from '../engine/index.mjs';
import { GOALS, LONG } from '../swc/index.mjs';
import { ALONE, EMPTY, OURS } from '../swc/plugins.mjs';
import { megabytes, ratio, signed, table } from './format.mjs';

const FORM = {
  declaration: 'a declaration at the top level',
  expression: 'an expression or method',
};

const itemTitle = (item) =>
  typeof item === 'number'
    ? `${item} item${item > 1 ? 's' : ''}`
    : `${Number.parseInt(item, 10)} items, each after a turn of the event loop`;

export function reportRun(lines) {
  return `${table(['', ''], lines)}

All is told as a ratio to native: 1.00 is native, 2.00 takes twice as long. A ratio is the median of
paired rounds (native, variant, variant, native, each some milliseconds, and the next round the other
way round) in one process, which each configuration has for itself; in brackets is where the middle
half of the rounds lies. Times are those of the processor, with the collector's threads, so other work
on the machine weighs little.`;
}

/** @param {object} results of `measureRuntime`, and the `items` that it measured */
export function reportRuntime({ rows, items }) {
  const keys = [...new Set(rows.map(keyOf))];
  const groups = keys.map((key) => rows.filter((row) => keyOf(row) === key));
  const parts = groups.map((group) => {
    const [{ form, count }] = group;
    const functions = count === 1 ? 'one function' : `${count} functions in one loop`;
    const lines = group.map(({ name, cells }) => [name, ...cells.map((cell) => ratio(cell.ratio))]);
    return `### ${FORM[form]}, ${functions}\n\n${table(['', ...items.map(itemTitle)], lines)}`;
  });
  return `## Run time\n\nA generator is made and read to its end by \`for await\`.\n\n${parts.join('\n\n')}`;
}

const keyOf = ({ form, count }) => `${form} ${count}`;

export function reportCompile({ rows, memory, counts }) {
  const timeRows = rows.map(({ name, cells }) => [
    name,
    ...cells.map((cell) => ratio(cell.ratio, 3)),
  ]);
  const [withGenerators, without] = counts;
  const head = ['', `${withGenerators} files with generators`, `${without} files without`];
  const memoryRows = memory.map(({ name, bytes, ratio: over }) => [
    name ?? 'Babel alone',
    megabytes(bytes),
    over.toFixed(2),
  ]);
  return `## Compile time

Against Babel's own parse and print, without source maps, of real packages: sources, and what their
authors publish.

${table(head, timeRows)}

The last line has no plugin: Babel alone reads and prints the text that ours makes. (A plugin need not
read what it adds.)

Memory at the peak of a process that compiles all of them:

${table(['', 'peak', 'ratio'], memoryRows)}`;
}

export function reportSwc({ skipped, cells }) {
  const title = '## Compile time of SWC';
  if (skipped) return `${title}\n\nNot measured here: ${skipped}`;
  const [{ overAlone }] = cells;
  const names = Object.keys(overAlone).filter((name) => name !== ALONE);
  const rows = names.map((name) => [
    name,
    ...cells.map((cell) => ratio(cell.overAlone[name])),
    ...cells.map((cell) => (name === EMPTY ? '1' : ratio(cell.overOne[name]))),
  ]);
  const [withGenerators, without, long] = cells.map(({ files }) => files);
  const kinds = [
    `${withGenerators} files with generators`,
    `${without} files without`,
    `${long} of these, of ${LONG} bytes or more`,
  ];
  return `${title}

Of the same files, by SWC alone and with one plugin: over SWC alone, and over SWC with a plugin that does nothing, which is built from the same \`swc_core\` as ours.
The goals of ${OURS} over that one are ${GOALS.join(' and ')}.

${table(['', ...kinds, ...kinds.map((kind) => `${kind}, over the empty one`)], rows)}`;
}

export function reportEngine(rows) {
  const cells = rows.map(({ name, language, files, warm, first }) => [
    name,
    language,
    String(files),
    ratio(warm, 3),
    ratio(first, 3),
  ]);
  return `## Compile time without Babel

Of files with async generators, of real packages, with source maps: processor time over that of Babel with the plugin. A first file is one of
the middle size, in a process that has nothing loaded; what it takes to load the compiler counts. The goal of the engine is
${GOAL}.

${table(['', '', 'files', 'warm', 'first file'], cells)}`;
}

export function reportBuilds(rows) {
  const cells = rows.map(({ name, ratio: over, empty, alone, added }) => [
    name,
    ratio(over),
    ratio(empty),
    String(Math.round(alone)),
    signed(Math.round(added)),
  ]);
  return `## Builds

The ES modules of the corpus as one application, built with source maps in a process of its own: time with the plugin over that
without, what it takes to load the plugin and the engine included (of the processor; by the clock for esbuild, which is a process of
its own), the same for a plugin that is asked for each script and does nothing, and in milliseconds.

${table(['', 'ratio', 'an empty plugin', 'without', 'added'], cells)}`;
}

export function reportSize({ shim, output }) {
  const [{ generators, files }] = output;
  const rows = output.map(({ name, added }) => [
    name,
    ...['text', 'minified', 'gzipped'].map((kind) => signed(added[kind])),
  ]);
  return `## Size

The shim, bundled by esbuild: ${shim.minified} bytes minified, **${shim.gzipped} bytes** gzipped.

Bytes added for each of the ${generators} generator functions in ${files} files, the import included:

${table(['', 'as printed', 'minified', 'minified and gzipped'], rows)}

(Babel puts its helpers into each file, unless \`@babel/plugin-transform-runtime\` is there.)`;
}

export function reportLive({ memory, cost }) {
  const memoryRows = memory.map(({ name, form, native, bytes }) => [
    `${name}, ${form}`,
    native.toFixed(0),
    signed(bytes),
  ]);
  const names = cost[0].cells.map(({ name }) => name);
  const head = names.flatMap((name) => [`${name}: long-lived`, `${name}: short-lived`]);
  const costRows = cost.map(({ live, cells }) => [
    live.toLocaleString('en'),
    ...cells.flatMap(({ long, short }) => [ratio(long), ratio(short)]),
  ]);
  return `## Live generators

Bytes of memory of a generator that has given one item and waits:

${table(['', 'native', 'added'], memoryRows)}

Cost while so many are alive. Long-lived: one is made, gives an item and is closed when that many
younger ones are there; against as many native ones in another process. Short-lived: one is made and
read to its end at once, beside them.

${table(['live', ...head], costRows)}`;
}

export function reportStart(results) {
  const rows = results.map(({ program, way, ratio: wall, cpuRatio }) => [
    program,
    `\`${way}\``,
    wall.toFixed(2),
    cpuRatio.toFixed(2),
  ]);
  return `## Start of a program

A program of two lines from its start to its end, and the start of 1,000 modules, 20 of them with async generators; against
plain \`node\`, medians of paired rounds. Nothing is kept between runs.

${table(['', '', 'time', 'time of the processor'], rows)}`;
}
