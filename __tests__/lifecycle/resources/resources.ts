import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Project, packageRoot } from '../../environments/support/project.js';
import { compile } from '../../helpers/babel.js';

/** How many generators are abandoned. */
const TOTAL = 3_000;

type Counts = Record<string, number>;

interface Resource {
  /** How many generators live at a time. */
  readonly batch: number;
  /** What the lender counts while so many generators hold the resource. */
  readonly open: (count: number) => Counts;
  /** What it counts for ever after so many were abandoned and not closed. */
  readonly leaked: (count: number) => Counts;
}

/**
 * Makes the tests of `programs/<name>.mjs`, whose record `programs/drive.mjs` explains: compiled,
 * and natively as the control, without which the first could not fail.
 */
export function testResource(name: string, { batch, open, leaked }: Resource): void {
  test(`${TOTAL} abandoned generators give back all, shutdown closes those that live`, async () => {
    const none = { ...open(0), live: 0 };
    expect(await run(name, 'compiled', TOTAL, batch)).toEqual({
      before: none,
      atPeak: [{ ...open(batch), live: batch }],
      after: none,
      abandoned: TOTAL,
      closings: TOTAL,
      shutdown: { closed: batch, failed: 0, blocked: 0 },
      afterShutdown: none,
    });
  });

  test('natively they leak', async () => {
    expect(await run(name, 'native', batch, batch)).toEqual({
      before: { ...open(0), live: 0 },
      atPeak: [{ ...open(batch), live: 0 }],
      after: { ...leaked(batch), live: 0 },
      abandoned: 0,
      closings: 0,
      shutdown: { closed: 0, failed: 0, blocked: 0 },
      afterShutdown: { ...leaked(2 * batch), live: 0 },
    });
  });
}

type Mode = 'compiled' | 'native';

async function run(name: string, mode: Mode, total: number, batch: number): Promise<unknown> {
  using project = new Project({
    'program.mjs': read(name, mode),
    'drive.mjs': read('drive', 'native'),
  });
  project.link('@electric-sql/pglite', join(packageRoot, 'node_modules/@electric-sql/pglite'));
  return await project.runForRecord('--expose-gc', 'program.mjs', String(total), String(batch));
}

function read(name: string, mode: Mode): string {
  const code = readFileSync(join(__dirname, `programs/${name}.mjs`), 'utf8');
  return mode === 'native' ? code : compile(code, { plugins: ['asyncgen-hooks/babel'] });
}
