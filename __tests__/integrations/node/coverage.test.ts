import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { Project } from '../../environments/support/project.js';
import { PROGRAM } from '../../helpers/coverage.js';

/** What V8 counts has other ends without semicolons, at the end of a body, and where a function has no name of its own. */
const ODD = `const log = [];
export default async function* () {
  yield 1
  yield 2
}
class Rows {
  async *items(n) { for (let i = 0; i < n; i++) { if (i > 2) return; yield i } }
  static async *made() { try { yield* new Rows().items(2) } catch { log.push(1) } }
  async *#hidden() { yield 1 }
  read() { return this.#hidden() }
}
const object = { async *method() { while (true) { yield 1; if (log) break } return 7 }, n: async function* () { yield 1; } };
function outer(n) {
  if (n) {
    async function* deep() { yield deep.name; return outer(0) }
    return deep
  }
  async function* other() { if (n) yield 3 }
  return other;
}
async function* labels() { outer: for (const a of [1, 2]) { for (const b of [3, 4]) { if (b === 4) continue outer; yield a ?? b; } } }
async function* chosen(a) { const x = a ? yield 1 : yield 2; return x || (a && 5) }
async function* cleaned() { try { yield 1; return 2 } finally { log.push(2) } }
async function* caught() { try { throw new Error('y') } catch (e) { yield e } finally { } }
async function* bare() { if (log.length > 1e6) return
  else yield 5
  for await (const x of chosen(1)) if (x) yield x
}
async function* empty() {}
async function* strict() { 'use strict'; }
async function* never() { yield 1; yield 2; }
const all = [new Rows().items(5), Rows.made(), new Rows().read(), object.method(), object.n(), outer(0)(), outer(1)(), labels()];
for (const gen of [...all, chosen(1), chosen(0), cleaned(), caught(), bare(), empty(), strict()]) for await (const item of gen) log.push(item);
for await (const item of cleaned()) break;
const thrown = cleaned();
await thrown.next();
await thrown.throw(new Error('z')).catch(() => {});
try { for await (const item of bare()) throw 1 } catch {}
`;

/** One ends by itself, one in a worker, one by `process.exit()`. */
const MAIN = `import { Worker } from 'node:worker_threads';
import './program.mjs';
const worker = new Worker(new URL('odd.mjs', import.meta.url));
await new Promise((done) => worker.on('exit', done));
process.exit(0);
`;

interface Counted {
  readonly functionName: string;
  readonly ranges: readonly { startOffset: number; endOffset: number; count: number }[];
}

const shown = ({ functionName, ranges }: Counted): string =>
  `${functionName} ${ranges.map(({ startOffset, endOffset, count }) => `${startOffset}-${endOffset}: ${count}`).join(', ')}`;

test('in NODE_V8_COVERAGE functions, ranges and counts are to the character those of the program without us', async () => {
  using project = new Project({ 'main.mjs': MAIN, 'program.mjs': PROGRAM, 'odd.mjs': ODD });
  const run = async (folder: string, args: readonly string[]) => {
    const before = process.env['NODE_V8_COVERAGE'];
    process.env['NODE_V8_COVERAGE'] = join(project.root, folder);
    const running = project.run(...args, 'main.mjs');
    if (before === undefined) delete process.env['NODE_V8_COVERAGE'];
    else process.env['NODE_V8_COVERAGE'] = before;
    expect(await running).toEqual({ status: 0, stdout: '', stderr: '' });
    const files = readdirSync(join(project.root, folder)).map((name) =>
      JSON.parse(readFileSync(join(project.root, folder, name), 'utf8')),
    );
    return ['program.mjs', 'odd.mjs'].map((name) => {
      const { href } = pathToFileURL(join(project.root, name));
      // c8 puts the maps of all files together.
      expect(files.filter((file) => file['source-map-cache']?.[href]?.data)).toEqual([]);
      const scripts = files.flatMap(({ result }) => result).filter(({ url }) => url === href);
      expect(scripts).toHaveLength(1);
      return (scripts[0].functions as Counted[]).map(shown).sort();
    });
  };
  const [ours, theirs] = await Promise.all([
    run('ours', ['--import', 'asyncgen-hooks/register']),
    run('theirs', []),
  ]);
  expect(theirs[0]!.length).toBeGreaterThan(10);
  expect(ours).toEqual(theirs);
});
