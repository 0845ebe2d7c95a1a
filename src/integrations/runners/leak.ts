import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { LiveAsyncGen, ShutdownReport } from '../../lifecycle/index.js';
import { plural, printable, printableLines, quote } from '../../messages.js';
import { formatAsyncGenSite } from '../../runtime/index.js';
import { codeFrame } from '../node/report/live-gens.js';
import { placeOf, userFrames } from './frames.js';

/** As many as anybody reads. */
const MOST = 5;

/** What became of generators that were closed. */
export type Closing = Pick<ShutdownReport, 'failed' | 'blocked'>;

/** Where files are looked for. */
export interface Folders {
  /** That of the project. */
  readonly root: string;
  /** Of the test; sites may be relative to a folder above it. */
  readonly file?: string | undefined;
}

/**
 * The error of a test that left generators open. Its stack leads to where the first of them was first
 * iterated, so runners show that line with a code frame of their own; the one in the message shows
 * the `yield`.
 *
 * @param who "the test", "the file"
 * @param report what became of them when they were closed.
 */
export function leakError(
  who: string,
  leaks: readonly LiveAsyncGen[],
  report: Closing,
  folders: Folders,
): Error {
  const blocks = leaks.slice(0, MOST).map((leak) => block(leak, report, folders));
  if (leaks.length > MOST) blocks.push(`And ${leaks.length - MOST} more.`);
  const message = [
    `asyncgen-hooks: ${who} left ${plural(leaks.length, 'async generator')} open.`,
    ...blocks,
    'Read it to its end, leave its "for await" by break, or call its return().',
  ].join('\n\n');
  const error = Object.assign(new Error(message), { code: 'ERR_ASYNCGEN_OPEN' });
  const frames = leaks.map(framesOf).find((found) => found.length > 0) ?? [];
  error.stack = printableLines([`Error: ${message}`, ...frames].join('\n'));
  return error;
}

function block(leak: LiveAsyncGen, report: Closing, folders: Folders): string {
  const { site, parked, items } = leak;
  const at = parked ?? site;
  const state =
    parked === undefined
      ? 'is in a step that is still pending'
      : `is parked at ${printable(parked.file)}:${parked.line}`;
  const begun = placeOf(framesOf(leak), folders.root);
  const facts = [
    `${formatAsyncGenSite(site)} ${state}, after ${plural(items, 'item')}` +
      (begun === undefined ? '.' : `; first iterated at ${begun}.`),
    ...closing(leak, report),
  ];
  const frame = codeFrame(rootOf(at.file, folders), at.file, at.line);
  return [facts.join('\n'), frame.join('\n')].filter((text) => text !== '').join('\n\n');
}

/** Only what did not close well is worth a word. */
function closing({ site, begunAt }: LiveAsyncGen, { failed, blocked }: Closing): string[] {
  const isIt = (other: LiveAsyncGen): boolean => other.site === site && other.begunAt === begunAt;
  const error = failed.find(isIt);
  if (error !== undefined) return [`It failed with ${quote(error.error)} when it was closed.`];
  if (!blocked.some(isIt)) return [];
  return [
    'It did not close: let what it waits for end, or settle (asyncGenSignal() tells it when).',
  ];
}

const framesOf = ({ stack }: LiveAsyncGen): string[] => userFrames(stack ?? '');

/** The folder that a site is relative to: the project's, or one above the test. */
function rootOf(file: string | undefined, folders: Folders): string {
  if (file === undefined || existsSync(resolve(folders.root, file))) return folders.root;
  for (let at = folders.file ?? ''; dirname(at) !== at; at = dirname(at))
    if (existsSync(resolve(dirname(at), file))) return dirname(at);
  return folders.root;
}
