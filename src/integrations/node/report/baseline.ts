/** What `--json` wrote, read again. */
import { readFileSync } from 'node:fs';
import { printable, quote, readOwn } from '../../../messages.js';
import { WATCHED } from '../watch/process-report.js';
import { keyOf, SUMS, type Report } from './report.js';

/**
 * @throws Error, code `ERR_ASYNCGEN_OPTION`, for what cannot be read, or no `--json` of this version wrote.
 */
export function readReport(subject: string, file: string): Report {
  const fail = (fact: string, remedy: string): never => {
    const text = `asyncgen-hooks/node: ${subject} ${printable(file)} ${fact}. ${remedy}`;
    throw Object.assign(new Error(text), { code: 'ERR_ASYNCGEN_OPTION' });
  };
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    fail(`cannot be read (${quote(error)})`, `Write it by --json ${printable(file)}.`);
  }
  let given: object | undefined;
  try {
    given = Object(JSON.parse(text)) as object;
  } catch {
    // It is told below.
  }
  if (given === undefined || !isReport(given))
    fail('is no report', 'Name a file that --json has written.');
  return given as Report;
}

/** Whether a file has all that is read of it. Lanes are not looked into: there may be many. */
function isReport(given: object): boolean {
  const read = (name: string): unknown => readOwn(given, name);
  const isList = (name: string, isItem: (item: unknown) => boolean): boolean => {
    const list = read(name);
    return Array.isArray(list) && list.every(isItem);
  };
  return (
    read('version') === 1 &&
    isText(read('cwd')) &&
    (WATCHED as readonly unknown[]).includes(read('watched')) &&
    ['processes', 'missing', 'cutOff', 'leaks'].every((name) => isNumber(read(name))) &&
    isList('lost', isText) &&
    isList('idleGlobs', isText) &&
    isList('dependencies', isObject) &&
    isList('unwatched', isObject) &&
    isList('generators', isGenerator)
  );
}

function isGenerator(given: unknown): boolean {
  if (!isObject(given)) return false;
  const left = readOwn(given, 'left');
  return (
    isText(readOwn(given, 'name')) &&
    [...SUMS, 'slowestStep'].every((name) => isNumber(readOwn(given, name))) &&
    Array.isArray(left) &&
    left.every(isObject)
  );
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isObject = (value: unknown): value is object => Object(value) === value;

/** The functions that left generators when the baseline was written. */
export const knownLeaks = ({ generators }: Report): ReadonlySet<string> =>
  new Set(generators.filter(({ abandoned, open }) => abandoned + open > 0).map(keyOf));
