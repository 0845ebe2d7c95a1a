import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { MUTANTS, TESTS } from './mutants/list.mjs';
import { readUsage, runCommand } from './usage.mjs';

const HELP = `Usage: node scripts/mutants.mjs [options]

Breaks src/runtime and src/lifecycle at one place after the other (scripts/mutants/list.mjs), in a
copy, and runs the tests of that room. A mutant that no test notices SURVIVED: a test is missing, or
the line is not needed. Takes some seconds for each. Run "npm run build" before.

  --filter <text>  only mutants whose file or text has this in it
  --jobs <number>  how many at the same time; 2 if left out
  --help           prints this

Exits with 1 if a mutant survived.
`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COPIED = ['src', 'dist', '__tests__', 'package.json', 'jest.config.js', 'babel.config.js'];
const ENTRIES = {
  index: 'src/runtime/index.ts',
  shim: 'src/runtime/shim/index.ts',
  lifecycle: 'src/lifecycle/index.ts',
};

/** A copy of the project that can be broken. */
function openCopy() {
  const folder = mkdtempSync(join(tmpdir(), 'asyncgen-hooks-mutants-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

const FORMATS = { cjs: 'cjs', esm: 'mjs' };

/** The tracker stands on the hooks API as it is published: in a file of its own. */
const shared = (extension) => ({
  name: 'shared',
  setup({ onResolve }) {
    onResolve({ filter: /\/runtime\/index\.js$/ }, () => ({
      path: `./index.${extension}`,
      external: true,
    }));
  },
});

/** What the tests load of the runtime. A full build would take a hundred times as long. */
function buildRuntime(folder) {
  const files = Object.entries(FORMATS).flatMap(([format, extension]) =>
    Object.entries(ENTRIES).map(([name, entry]) => ({ name, entry, format, extension })),
  );
  return Promise.all(
    files.map(({ name, entry, format, extension }) =>
      build({
        absWorkingDir: folder,
        entryPoints: [entry],
        outfile: `dist/${name}.${extension}`,
        bundle: true,
        format,
        platform: 'node',
        target: 'es2022',
        logLevel: 'silent',
        plugins: name === 'lifecycle' ? [shared(extension)] : [],
      }),
    ),
  );
}

/** A mutant may go on for ever: times what the tests take without one. */
const PATIENCE = 6;

/** @returns the names of the tests that fail. */
async function failuresIn(folder, tests, isBailing, timeout = 0) {
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const args = [jest, '--runInBand', ...(isBailing ? ['--bail'] : []), ...tests];
  const { code, stderr } = await new Promise((resolve) => {
    const options = { cwd: folder, timeout, maxBuffer: 1e8 };
    execFile(process.execPath, args, options, (error, _, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stderr }),
    );
  });
  if (code === 0) return [];
  // Not from `--json`: with `--bail` Jest ends before it has written that.
  const names = [...stderr.matchAll(/^ {2}● (.+)$/gm)].map(([, name]) => name);
  return names.length > 0 ? [...new Set(names)] : ['(the tests did not end)'];
}

const roomOf = ({ file }) => file.split('/')[1];

/** @returns what noticed the mutant: the names of tests, or of the compiler. */
async function tryMutant(folder, { file, text, instead }, { broken, limits }) {
  const path = join(folder, file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    source.replace(text, () => instead),
  );
  try {
    await buildRuntime(folder);
    // The first failure is enough, if it can only be the mutant's.
    const room = roomOf({ file });
    const failures = await failuresIn(folder, TESTS[room], broken.size === 0, limits[room]);
    return failures.filter((name) => !broken.has(name));
  } catch (error) {
    return [`(it does not build: ${error.message.split('\n')[0]})`];
  } finally {
    writeFileSync(path, source);
  }
}

const isThereOnce = ({ file, text }) =>
  readFileSync(join(ROOT, file), 'utf8').split(text).length === 2;

const shortOf = (text) => text.trim().replace(/\s+/g, ' ').slice(0, 70);

async function main() {
  const { values } = readUsage({ filter: { type: 'string' } });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const { filter = '', jobs = 2 } = values;
  const mutants = MUTANTS.filter(({ file, text }) => `${file} ${text}`.includes(filter));
  const lost = mutants.filter((mutant) => !isThereOnce(mutant));
  if (lost.length > 0) {
    const list = lost.map(({ file, text }) => `\n  ${file}: ${shortOf(text)}`).join('');
    throw new Error(
      `scripts/mutants: scripts/mutants/list.mjs, these places are not in the source exactly once. Write them anew.${list}`,
    );
  }
  const folders = Array.from({ length: Math.min(Number(jobs), mutants.length) }, openCopy);
  try {
    const broken = new Set();
    await buildRuntime(folders[0]);
    const limits = {};
    for (const room of new Set(mutants.map(roomOf))) {
      const started = performance.now();
      for (const name of await failuresIn(folders[0], TESTS[room])) broken.add(name);
      limits[room] = PATIENCE * Math.round(performance.now() - started);
    }
    for (const name of broken) console.log(`fails anyway: ${name}`);
    const counts = { killed: 0, survived: 0 };
    const queue = mutants.values();
    const work = async (folder) => {
      for (const mutant of queue) {
        const noticed = await tryMutant(folder, mutant, { broken, limits });
        const isKilled = noticed.length > 0;
        counts[isKilled ? 'killed' : 'survived']++;
        console.log(
          `${isKilled ? 'killed  ' : 'SURVIVED'} ${mutant.file}: ${shortOf(mutant.text)} → ${shortOf(mutant.instead) || '(nothing)'}`,
        );
        if (isKilled) console.log(`         ${noticed.length} by: ${noticed[0]}`);
      }
    };
    await Promise.all(folders.map(work));
    console.log(`${mutants.length} mutants, ${counts.killed} killed, ${counts.survived} survived`);
    if (counts.survived > 0) process.exitCode = 1;
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
}

runCommand('scripts/mutants', main);
