import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { printable, readOwn } from '../../../messages.js';
import { mayDecideCode, TRUST_REMEDY } from '../loader/trust.js';
import { invalid } from './arguments.js';

/**
 * The file that `node` would run, or that of a command of the project.
 * @throws Error, code `ERR_ASYNCGEN_ARGUMENT`, if there is neither.
 */
export function findProgram(program: string): string {
  const file = resolve(program);
  const isPath = /[\\/]|^\.\.?$/.test(program);
  if (isFile(file) || (existsSync(file) && isRunByNode(file))) return file;
  const command = isPath ? undefined : findCommand(program);
  if (command !== undefined) return command;
  if (isRunByNode(file) || hasLoaders()) return file;
  if (existsSync(file))
    throw invalid(`${printable(program)} is a folder without a main file. Name the file to run.`);
  throw invalid(
    isPath
      ? `No such file: ${printable(program)}. Check its path.`
      : `${printable(program)} is neither a file nor a command of node_modules/.bin. Check its name, or install what it belongs to.`,
  );
}

const isFile = (file: string): boolean =>
  statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

/** `app` may be `app.js`, a folder its `index.js`. */
function isRunByNode(file: string): boolean {
  try {
    createRequire(file).resolve(file);
    return true;
  } catch {
    return false;
  }
}

/** They may know files that are none: what they make of it is for Node to tell. */
const hasLoaders = (): boolean =>
  /--(?:import|(?:experimental-)?loader)\b/.test(
    [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' '),
  );

interface Package {
  readonly name?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
}

/**
 * The script of a command of `node_modules/.bin`, in the working folder or above it.
 * @throws Error, code `ERR_ASYNCGEN_ARGUMENT`, for a command that is no script of a package.
 */
function findCommand(name: string): string | undefined {
  for (const modules of folders(process.cwd())) {
    const link = join(modules, '.bin', name);
    if (!existsSync(link) || statSync(link).isDirectory()) continue;
    if (!mayDecideCode(link))
      throw invalid(
        `another user can change ${printable(link)}, so ${printable(name)} is not run. ${TRUST_REMEDY}`,
      );
    if (isScript(link)) return realpathSync(link);
    const script = findScript(name, dirname(modules));
    if (script !== undefined) return script;
    throw invalid(
      `${printable(link)} is no script for Node, and no package there has a command ${printable(name)}. Name its file.`,
    );
  }
  return undefined;
}

/** All `node_modules` that a file in `folder` is offered, the nearest first. */
function* folders(folder: string): Generator<string> {
  for (; ; folder = dirname(folder)) {
    yield join(folder, 'node_modules');
    if (dirname(folder) === folder) return;
  }
}

/** npm puts a link there. pnpm, and npm on Windows, put a shell script that calls Node. */
const isScript = (link: string): boolean =>
  lstatSync(link).isSymbolicLink() || /^#!.*\bnode\b/.test(readFileSync(link, 'utf8'));

function findScript(name: string, from: string): string | undefined {
  for (const modules of folders(from)) {
    // Most commands are called as their package.
    for (const folder of [name, ...packagesIn(modules)]) {
      const script = scriptOf(join(modules, folder), name);
      if (script !== undefined) return script;
    }
  }
  return undefined;
}

function packagesIn(modules: string): string[] {
  return namesIn(modules).flatMap((name) =>
    name.startsWith('@') ? namesIn(join(modules, name)).map((inner) => join(name, inner)) : [name],
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}

function scriptOf(folder: string, command: string): string | undefined {
  try {
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    const given = JSON.parse(text) as Package;
    const name = (readOwn(given, 'name') ?? '') as NonNullable<Package['name']>;
    const bin = (readOwn(given, 'bin') ?? {}) as NonNullable<Package['bin']>;
    const bins = typeof bin === 'string' ? { [name.replace(/^@[^/]*\//, '')]: bin } : bin;
    return Object.hasOwn(bins, command) ? realpathSync(join(folder, bins[command]!)) : undefined;
  } catch {
    // A broken package has no command.
    return undefined;
  }
}
