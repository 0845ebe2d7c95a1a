import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FORMS } from './census.mjs';
import { deep, huge } from './corpus/large.mjs';
import { odd } from './corpus/odd.mjs';
import { forEachInThreads } from './pool.mjs';
import { COMPILERS, readCompiler } from '../scripts/compilers.mjs';
import { readUsage, runCommand, UsageError } from '../scripts/usage.mjs';

const HELP = `Usage: npm run corpus -- [folder ...] [options]

Sends every JavaScript and TypeScript file of folders that Babel can parse through the plugin, and
odd, huge and deep texts that are made here. Of each it is asked that

  - the plugin does not throw, and takes no more than twice as long as the compiler alone
  - a text without async generators comes out byte for byte as the compiler alone prints it
  - every async generator function is handed to the shim
  - the output parses again, and a second pass changes nothing

With --compiler engine the engine takes its place: it leaves a text without async generators alone, moves no line, and refuses
no TypeScript that TypeScript itself takes. SWC is compared with SWC alone.

  [folder ...]       node_modules if left out
  --compiler <name>  ${COMPILERS.join(', ')}; babel if left out
  --filter <text>    only files and texts with this in their name
  --no-made          only the files of the folders
  --refused          names what the compiler alone does not take, and why
  --jobs <number>    threads; one for each processor if left out
  --help             prints this

Exits with 1 if anything of this fails.
`;

/** What takes longer hangs. For 10 MB Babel alone takes a minute, several times over. */
const LIMIT = 1_200_000;

function readArguments() {
  const { positionals, values } = readUsage({
    filter: { type: 'string', default: '' },
    compiler: { type: 'string', default: 'babel' },
    'no-made': { type: 'boolean', default: false },
    refused: { type: 'boolean', default: false },
  });
  const folders = positionals.length > 0 ? positionals : ['node_modules'];
  for (const folder of folders) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue;
    throw new UsageError(`folder "${folder}", it is no folder. Give one with files to compile.`);
  }
  return { ...values, compiler: readCompiler(values.compiler), folders };
}

/** Made texts first, then files, large ones first: the last thread to finish is not late. */
function listTasks({ folders, filter, compiler, 'no-made': isWithoutMade }) {
  const made = isWithoutMade ? [] : Object.entries({ odd, huge, deep });
  const texts = made.flatMap(([kind, map]) => [...map.keys()].map((name) => ({ kind, name })));
  const files = folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(?:[cm]?[jt]s|[jt]sx)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, size: statSync(path).size }))
    .sort((a, b) => b.size - a.size)
    .map(({ path }) => ({ kind: 'file', name: path.replaceAll('\\', '/') }));
  return [...texts, ...files]
    .filter(({ name }) => name.includes(filter))
    .map((task) => ({ ...task, compiler }));
}

async function main() {
  const given = readArguments();
  if (given.help) {
    console.log(HELP);
    return;
  }
  const tasks = listTasks(given);
  if (tasks.length === 0) {
    throw new UsageError(
      `--filter "${given.filter}", no file has it in its name. Give less of it.`,
    );
  }
  const { jobs } = given;
  const summary = new Summary();
  await forEachInThreads(
    tasks,
    {
      jobs,
      limit: LIMIT,
      filename: new URL('./corpus/check-file.mjs', import.meta.url).href,
      execArgv: ['--experimental-vm-modules', '--no-warnings'],
      // What is compiled nests deeper than its source: Babel's parser needs more of the stack.
      resourceLimits: { maxOldGenerationSizeMb: 8192, stackSizeMb: 8 },
    },
    (task, result) => summary.add(task, result),
    (task, error) => summary.fail(task, [error.message]),
    () => `${summary.failed.length} failed`,
  );
  console.log(summary.report(given.refused));
  process.exitCode = summary.failed.length === 0 ? 0 : 1;
}

class Summary {
  failed = [];
  refused = [];
  #parsed = 0;
  #withGenerators = 0;
  #times = { none: [0, 0], some: [0, 0] };
  #forms = new Map(FORMS.map((form) => [form, { hooked: 0, spared: 0 }]));

  add(task, { refusal, generators, failures, alone, hooked }) {
    if (refusal) {
      this.refused.push({ task, refusal });
      return;
    }
    this.#parsed++;
    if (generators.length > 0) this.#withGenerators++;
    for (const { form, isSpared } of generators)
      this.#forms.get(form)[isSpared ? 'spared' : 'hooked']++;
    const times = this.#times[generators.length > 0 ? 'some' : 'none'];
    times[0] += alone;
    times[1] += hooked;
    if (failures.length > 0) this.fail(task, failures);
  }

  fail(task, failures) {
    this.failed.push({ task, failures });
  }

  report(withRefused) {
    const lines = [];
    const told = ({ kind, name }) => (kind === 'file' ? name : `${kind}: ${name}`);
    if (withRefused)
      for (const { task, refusal } of this.refused)
        lines.push(`refused  ${told(task)}`, `         ${refusal}`);
    for (const { task, failures } of this.failed) {
      lines.push(`failed   ${told(task)}`, ...failures.map((failure) => `         ${failure}`));
    }
    const of = ([kind, { hooked, spared }]) =>
      `  ${kind.padEnd(38)}${String(hooked).padStart(8)}${spared ? `, and ${spared} to be left alone` : ''}`;
    lines.push('async generator functions', ...[...this.#forms].map(of));
    lines.push(
      `${this.#parsed + this.refused.length} texts, ${this.#parsed} that the compiler takes, ${this.#withGenerators} with async generators, ${this.failed.length} failed`,
    );
    return lines.join('\n');
  }
}

runCommand('conformance/corpus', main);
