import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REGISTRY_KEY } from '../../constants.js';
import type { Watcher } from '../node/loader/compile.js';

/** Leads the processes of a run to a folder of marks. */
export const RUN = 'ASYNCGEN_HOOKS_TESTS';

/** What each file of tests leaves there: that it had tests, and that it loaded compiled code. */
const MARKS = { tests: 'tests', compiled: 'compiled' } as const;

const NOTHING =
  'asyncgen-hooks: no code with async generators was compiled in this run, so no test could be seen to leave one ' +
  'open. Have the compiler see your sources: "include", and what stands in front of it.\n';

/**
 * In the process that a run begins in: at its end it says if no generator was compiled in any of its
 * processes, since such a run passes whatever the tests leave open.
 *
 * @returns what ends it, for a host that does not emit `exit`.
 */
export function startRun(): () => void {
  if (process.env[RUN] !== undefined) return () => {};
  let folder: string;
  try {
    folder = mkdtempSync(join(tmpdir(), 'asyncgen-hooks-tests-'));
  } catch {
    // No folder, no word.
    return () => {};
  }
  process.env[RUN] = folder;
  const end = (): void => {
    const has = (mark: keyof typeof MARKS): boolean => existsSync(join(folder, MARKS[mark]));
    if (has('tests') && !has('compiled')) process.stderr.write(NOTHING);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', end);
  return end;
}

/** At the end of a file of tests. */
export function tellRun(folder = process.env[RUN]): void {
  if (folder === undefined || !existsSync(folder)) return;
  mark(join(folder, MARKS.tests));
  if (hasCompiled()) mark(join(folder, MARKS.compiled));
}

function mark(file: string): void {
  try {
    if (!existsSync(file)) writeFileSync(file, '');
  } catch {
    // The folder is gone: the run has ended.
  }
}

interface Realm {
  readonly links?: readonly unknown[];
}

/**
 * The same for a process that is a run of its own: many files of tests have no generators, so it is silent
 * where it saw none that was not compiled.
 */
export function watchFiles(): Watcher {
  const missed = new Set<string>();
  process.once('exit', () => {
    if (missed.size > 0 && !hasCompiled()) process.stderr.write(NOTHING);
  });
  return {
    tell(fate, file) {
      const isMissed = fate === 'lowered' || fate === 'unreadable' || fate === 'unhooked';
      if (isMissed || (fate === 'excluded' && !file.includes('node_modules'))) missed.add(file);
    },
    claim: () => (isClaimed ? false : (isClaimed = true)),
  };
}

let isClaimed = false;

/** Whether compiled code was loaded in this realm: each copy of the shim puts itself there. */
export const hasCompiled = (): boolean => {
  const realm = (globalThis as Record<symbol, Realm | undefined>)[Symbol.for(REGISTRY_KEY)];
  return (realm?.links?.length ?? 0) > 0;
};
