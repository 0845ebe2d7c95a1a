import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { invalid } from './arguments.js';
import { printable } from '../../../messages.js';
import { findCommand } from './find-command.js';

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
  if (isPath && existsSync(file))
    throw invalid(`${program}, it is a folder without a main file. Name the file to run.`);
  throw invalid(
    isPath
      ? `${printable(program)}, there is no such file. Check its path.`
      : `${printable(program)}, it is neither a file nor a command of node_modules/.bin. Check its name, or install what it belongs to.`,
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
