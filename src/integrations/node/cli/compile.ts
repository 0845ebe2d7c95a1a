import { chmod, copyFile, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { SingleBar } from 'cli-progress';
import picomatch from 'picomatch';
import { plural, printable, quote } from '../../../messages.js';
import { failureOf, remedyFor, type Failure } from '../../compiler/failure.js';
import { createCompiler, type Compiled } from '../../compiler/index.js';
import { loadOptions } from '../loader/config.js';
import { createFilter } from '../../files/filter.js';
import { typeOf } from '../loader/package-type.js';
import { findFiles, isInside } from './find-files.js';
import { sourceMapComment } from '../../compiler/maps.js';

export interface CompileOptions {
  readonly outDir: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

interface Job {
  readonly from: string;
  readonly to: string;
}

/**
 * Compiles the files that have async generators and copies the others, so that the tree in
 * `outDir` is whole. A folder's content, and what a glob finds below its fixed part, keeps its place.
 *
 * @returns a message for each file that cannot be read, which was copied, and for each link that
 *   leads out of the folder, which was not followed.
 * @throws Error, code `ERR_ASYNCGEN_OPTION`, before anything is written, where files are missing or
 *   in each other's way.
 */
export async function compileTree(
  files: readonly string[],
  { outDir, include, exclude }: CompileOptions,
): Promise<string[]> {
  const cwd = process.cwd();
  const given = { ...(include && { include }), ...(exclude && { exclude }) };
  const options = loadOptions(cwd, given);
  const isIncluded = createFilter(options, cwd, () => picomatch);
  const { plugin } = options;
  const compile = createCompiler({ plugin, cwd, inputSourceMaps: true });

  const unreadable: string[] = [];
  const compileFile = async (file: string): Promise<Compiled | undefined> => {
    if (!isIncluded(file)) return undefined;
    const code = await readFile(file, 'utf8');
    try {
      // In a package of CommonJS stands code, too, that another tool will turn into it.
      const sourceType = typeOf(file) === 'module' ? 'module' : undefined;
      return compile({ code, file, sourceType });
    } catch (error) {
      unreadable.push(messageFor(file, failureOf(error, file)));
      return undefined;
    }
  };

  const { jobs, strays } = await findJobs(files, resolve(outDir));
  for (const stray of strays) if (isIncluded(stray)) unreadable.push(messageForStray(stray));
  const bar = new SingleBar({
    format: '{bar} {value}/{total} {file}',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  let compiled = 0;
  const maps = new Set<string>();
  bar.start(jobs.length, 0, { file: '' });
  try {
    for (const { from, to } of jobs) {
      try {
        await mkdir(dirname(to), { recursive: true });
        const result = await compileFile(from);
        if (result !== undefined) {
          await write({ from, to }, result);
          maps.add(`${to}.map`);
          compiled++;
        } else if (!maps.has(to)) await copyFile(from, to);
      } catch (error) {
        throw invalid(
          `Cannot compile ${named(from)} to ${named(to)} (${quote(error)}). Make the one readable, and room for the other.`,
        );
      }
      bar.increment({ file: printable(relative(cwd, from)) });
    }
  } finally {
    bar.stop();
  }
  console.log(
    `asyncgen-hooks: compiled ${plural(compiled, 'file')}, copied ${plural(jobs.length - compiled, 'file')} to ${printable(outDir)}.`,
  );
  return unreadable;
}

async function write({ from, to }: Job, compiled: Compiled): Promise<void> {
  const map = { ...compiled.map, file: basename(to), sources: sourcesFrom(from, to, compiled.map) };
  await writeFile(to, `${compiled.code}\n${sourceMapComment(`${basename(to)}.map`)}\n`);
  await writeFile(`${to}.map`, JSON.stringify(map));
  // The next run has to write it again.
  await chmod(to, (await stat(from)).mode | 0o200);
}

const messageFor = (file: string, failure: Failure): string =>
  `asyncgen-hooks/node: ${named(file)} ${failure.fact}, and no hook will see its async generators. ` +
  remedyFor(failure, '--exclude');

const messageForStray = (link: string): string =>
  `asyncgen-hooks/node: ${named(link)} is a link to nothing or out of what was named, and was not ` +
  'followed. Name what it leads to, or name the link in --exclude.';

/** A file as its user names it. */
const named = (file: string): string => printable(relative('.', file).replaceAll('\\', '/'));

const sourcesFrom = (from: string, to: string, { sources }: { sources: string[] }): string[] =>
  sources.map((source) =>
    relative(dirname(to), resolve(dirname(from), source)).replaceAll('\\', '/'),
  );

async function findJobs(
  files: readonly string[],
  outDir: string,
): Promise<{ jobs: Job[]; strays: string[] }> {
  const jobs = new Map<string, Job>();
  const sources = new Map<string, string>();
  const strays = new Set<string>();
  for (const given of files) {
    const found = await findFiles(given);
    if (found.files.length === 0 && found.strays.length === 0)
      throw invalid(`No such file: ${printable(given)}. Name files, folders or globs.`);
    // What an earlier run left below the sources is none. Sources may be below the target, too.
    const isLeft = (file: string): boolean =>
      outDir !== found.base && isInside(outDir, found.base) && isInside(file, outDir);
    const taken = found.files.filter((file) => !isLeft(file));
    if (taken.length === 0 && found.files.length > 0)
      throw invalid(
        `all of ${printable(given)} is in --out-dir. Name files outside of ${named(outDir)}.`,
      );
    for (const from of taken) {
      const to = join(outDir, relative(found.base, from));
      const other = sources.get(to) ?? from;
      if (other !== from) {
        const both = `${named(other)} and ${named(from)}`;
        throw invalid(`${both} would both become ${named(to)}. Name the folder above them.`);
      }
      sources.set(to, from);
      jobs.set(from, { from, to });
    }
    for (const stray of found.strays) if (!isLeft(stray)) strays.add(stray);
  }
  for (const { from, to } of jobs.values()) {
    // The target may be the source by a link.
    if (from === to || (await realpath(from)) === (await realpath(to).catch(() => undefined)))
      throw invalid(`${named(from)} would be overwritten. Name another folder in --out-dir.`);
  }
  return { jobs: [...jobs.values()], strays: [...strays] };
}

const invalid = (text: string): Error =>
  Object.assign(new Error(`asyncgen-hooks/node: ${text}`), { code: 'ERR_ASYNCGEN_OPTION' });
