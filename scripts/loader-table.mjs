/**
 * Prints what becomes of programs beside the loaders that people use: a row for each tool, place and kind of module, a
 * column for each Node. Ends with 1 if a program breaks, is not hooked and nobody says so, or its stacks get other lines.
 */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kinds, shared } from './loader-table/programs.mjs';
import { tools } from './loader-table/tools.mjs';
import { installPackages } from './install-packages.mjs';
import { findNodes, loaders } from './nodes.mjs';
import { readUsage, runCommand } from './usage.mjs';

const HELP = `Usage: npm run loader-table -- [--only <tool>] [--node <version>] [--jobs <n>] [--verbose]`;
const PLACES = ['in front', 'behind', 'command'];
const LIMIT = 240_000;
const root = fileURLToPath(new URL('../', import.meta.url));
const modules = join(loaders, 'node_modules');

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}

/** A project as a user has it: the package in node_modules, beside the tools. */
function makeProject(folder) {
  const { dependencies } = readJson(join(root, 'package.json'));
  const into = join(folder, 'node_modules');
  for (const part of ['dist', 'package.json'])
    cpSync(join(root, part), join(into, 'asyncgen-hooks', part), { recursive: true });
  for (const name of Object.keys(dependencies))
    link(join(root, 'node_modules', name), join(into, name));
  const scoped = (name) =>
    name.startsWith('@')
      ? readdirSync(join(modules, name)).map((each) => `${name}/${each}`)
      : [name];
  for (const name of readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap(scoped)) {
    if (!existsSync(join(into, name))) link(join(modules, name), join(into, name));
  }
  link(join(modules, '.bin'), join(into, '.bin'));
  for (const [kind, { files }] of Object.entries(kinds)) {
    for (const [name, text] of Object.entries({ ...shared, ...files })) {
      mkdirSync(join(folder, kind), { recursive: true });
      writeFileSync(join(folder, kind, name), text);
    }
  }
}

function run(node, args, cwd, env) {
  return new Promise((resolve) => {
    const child = spawn(node, args, {
      cwd,
      env: {
        PATH: `${dirname(node)}:${process.env.PATH}`,
        HOME: cwd,
        TMPDIR: dirname(cwd),
        NODE_NO_WARNINGS: undefined,
        ...env,
      },
      timeout: LIMIT,
      killSignal: 'SIGKILL',
    });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (text) => (out.stdout += text));
    child.stderr.on('data', (text) => (out.stderr += text));
    child.on('close', (code, signal) => resolve({ ...out, code, signal }));
  });
}

/** The arguments and the environment of one cell; without a place, what it is natively. */
function callOf({ flags = [], command }, place, main, modulesFolder) {
  const bin = join(modulesFolder, 'asyncgen-hooks/dist/bin.cjs');
  const program = command === undefined ? [main] : [join(modulesFolder, '.bin', command), main];
  const hooks = ['--require', './hooks.cjs'];
  if (place === undefined) return { args: [...flags, ...program] };
  if (place === 'command')
    return { args: [bin, ...program], env: { NODE_OPTIONS: [...flags, ...hooks].join(' ') } };
  const ours = [flags[0], 'asyncgen-hooks/register'];
  return {
    args: [
      ...(place === 'behind' ? [...flags, ...ours] : [...ours, ...flags]),
      ...hooks,
      ...program,
    ],
  };
}

const linesOf = (text, word) =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${word} `))
    .map((line) => line.slice(word.length + 1))
    .sort()
    .join();

/** The lines that a stack should give, where each generator asks for one. */
const linesIn = (files) =>
  Object.values(files)
    .flatMap((text) =>
      text.split('\n').map((line, i) => {
        const [, name] = /console\.log\('line (\w+)'/.exec(line) ?? [];
        return name && `${name} ${i + 1}`;
      }),
    )
    .filter(Boolean)
    .sort()
    .join();

/** @param lines what stacks should say: where they do so natively, they have to with us. */
function judge(names, lines, native, end) {
  if (
    end.signal !== null ||
    end.code !== 0 ||
    linesOf(end.stdout, 'item') !== linesOf(native.stdout, 'item')
  )
    return 'BROKEN';
  const seen = new Set(linesOf(end.stdout, 'hooked').split(','));
  const isRight = linesOf(native.stdout, 'line') !== lines || linesOf(end.stdout, 'line') === lines;
  if (names.every((name) => seen.has(name))) return isRight ? 'hooked' : 'OTHER LINES';
  return /asyncgen-hooks\/\w+: /.test(end.stderr) ? 'works, not hooked (said so)' : 'SILENT';
}

async function judgeRow(node, folder, tool, kind, report) {
  const { main, names, files } = kinds[kind];
  const cwd = join(folder, kind);
  const at = (place) => {
    const { args, env } = callOf(tool, place, main, join(folder, 'node_modules'));
    return run(node, args, cwd, env);
  };
  const native = await at(undefined);
  const works =
    native.code === 0 && linesOf(native.stdout, 'item').split(',').length === names.length;
  for (const place of tool.command === undefined ? PLACES : ['command']) {
    if (!works) report(place, 'native fails', native);
    else {
      const end = await at(place);
      report(
        place,
        judge(
          names.map((name) => (name === 'both' ? 'nested' : name)),
          linesIn({ ...shared, ...files }),
          native,
          end,
        ),
        end,
      );
    }
  }
}

async function main() {
  const { values } = readUsage({
    only: { type: 'string' },
    node: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  });
  if (values.help) return console.log(HELP);
  installPackages(loaders);
  const { nodes, missing } = findNodes(values.node);
  const started = Date.now();
  const base = mkdtempSync(join(realpathSync(tmpdir()), 'asyncgen-hooks-loaders-'));
  try {
    const cells = new Map();
    const work = [];
    for (const [version, node] of nodes) {
      const folder = join(base, version);
      makeProject(folder);
      for (const tool of tools) {
        if (values.only !== undefined && !tool.name.includes(values.only)) continue;
        for (const kind of tool.kinds) {
          work.push(() =>
            judgeRow(node, folder, tool, kind, (place, verdict, end) => {
              cells.set([tool.name, place, kinds[kind].title, version].join('\n'), verdict);
              if (values.verbose && !['hooked', 'native fails'].includes(verdict)) {
                console.log(
                  `\n=== ${[tool.name, place, kind, version, verdict].join(' | ')}\n${end.code} ${end.signal}\n${end.stdout}${end.stderr.slice(0, 1800)}`,
                );
              }
            }),
          );
        }
      }
    }
    const worker = async () => {
      for (let next; (next = work.shift()) !== undefined;) await next();
    };
    await Promise.all(Array.from({ length: values.jobs }, worker));
    print(cells, [...nodes.keys()]);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
  if (missing.length > 0) console.log(`Skipped, not installed: ${missing.join(', ')}.`);
  console.log(`${((Date.now() - started) / 1000).toFixed(0)} s`);
}

function print(cells, versions) {
  const short = {
    hooked: 'hooked',
    'native fails': 'native fails',
    'works, not hooked (said so)': 'said so',
  };
  let bad = 0;
  const rows = [['tool', 'place', 'modules', ...versions]];
  for (const { name, kinds: own } of tools) {
    for (const kind of own) {
      for (const place of PLACES) {
        const row = versions.map((version) =>
          cells.get([name, place, kinds[kind].title, version].join('\n')),
        );
        if (row.every((cell) => cell === undefined)) continue;
        bad += row.filter((cell) => ['BROKEN', 'SILENT', 'OTHER LINES'].includes(cell)).length;
        rows.push([name, place, kinds[kind].title, ...row.map((cell) => short[cell] ?? cell)]);
      }
    }
  }
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, i) => String(cell).padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    );
  console.log(`\n${bad} broken, silent, or with other lines in stacks`);
  if (bad > 0) process.exitCode = 1;
}

runCommand('loader-table', main);
