import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NodeProject } from './support/node-project.js';

interface TraceEvent {
  readonly ph: 'b' | 'e' | 'M';
  readonly id?: string;
  readonly cat?: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly args?: Record<string, unknown>;
}

let project: NodeProject;

beforeAll(() => {
  project = new NodeProject();
});
afterAll(() => project[Symbol.dispose]());

async function trace(main: string): Promise<TraceEvent[]> {
  project.write({ 'main.mjs': main });
  const { code, stderr } = await project.command(['--trace', 'trace.json', 'main.mjs']);
  if (code !== 0) throw new Error(stderr);
  const events: TraceEvent[] = project.readJson('trace.json');
  check(events);
  return events;
}

/**
 * The rules of the format for nestable asynchronous events: each has a category, an id and a time in
 * microseconds, and in each lane a begin has its end, of the same name, nested and in order.
 */
function check(events: TraceEvent[]): void {
  const lanes = new Map<string, TraceEvent[]>();
  for (const event of events) {
    expect(['b', 'e', 'M']).toContain(event.ph);
    for (const field of ['pid', 'tid', 'ts'] as const)
      expect(Number.isFinite(event[field])).toBe(true);
    expect(typeof event.name).toBe('string');
    if (event.ph === 'M') continue;
    expect(event.cat).toBe('async generator');
    expect(event.ts).toBeGreaterThan(0);
    const lane = lanes.get(event.id!) ?? [];
    lanes.set(event.id!, [...lane, event]);
  }
  for (const lane of lanes.values()) {
    const open: string[] = [];
    let now = 0;
    for (const { ph, name, ts } of lane) {
      expect(ts).toBeGreaterThanOrEqual(now);
      now = ts;
      if (ph === 'b') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  }
}

/** One line for each lane. */
function laneTexts(events: TraceEvent[]): string[] {
  const lanes = new Map<string, string[]>();
  for (const { ph, id, name, args } of events) {
    if (id === undefined) continue;
    const about = Object.values(args ?? {}).join();
    lanes.set(id, [...(lanes.get(id) ?? []), ph === 'b' ? `<${name}` : `${name} ${about}>`]);
  }
  return [...lanes.values()].map((texts) => texts.join(' '));
}

test('each generator is a lane, with its steps in it', async () => {
  const events = await trace(`
    async function* counts(n) { for (let i = 0; i < n; i++) yield i; }
    async function* fails() { throw new Error('on purpose'); }
    for await (const _ of counts(1));
    for await (const _ of counts(1)) break;
    await fails().next().catch(() => {});
    globalThis.held = counts(1);
    await held.next();
  `);
  expect(laneTexts(events)).toEqual([
    '<counts <next next item> <next next done> counts exhausted>',
    '<counts <next next item> <return return done> counts closed>',
    '<fails <next next failed> fails failed>',
    '<counts <next next item> <return return done> counts still open>',
  ]);
  const first = events.find(({ ph }) => ph === 'b')!;
  expect(first.args).toEqual({ site: 'counts (main.mjs:2:5)' });
  const names = events.filter(({ ph }) => ph === 'M').map(({ name, args }) => [name, args]);
  expect(names).toEqual([
    ['process_name', { name: 'main.mjs' }],
    ['thread_name', { name: 'main' }],
    ['process_sort_index', { sort_index: 0 }],
  ]);
});

test('steps that queue up stand behind each other, and what is pending has an end', async () => {
  const events = await trace(`
    async function* slow() { yield 1; yield 2; await new Promise(() => {}); }
    globalThis.held = slow();
    held.next(); await held.next();
    held.next();
    setTimeout(() => process.exit(0));
  `);
  expect(laneTexts(events)).toEqual([
    '<slow <next next item> <next next item> <next next pending> slow still open>',
  ]);
});

test('steps that were asked for before the end belong to the lane, and no later one', async () => {
  const events = await trace(`
    async function* one() { yield 1; }
    const gen = one();
    await Promise.all([gen.next(), gen.next(), gen.next(), gen.next()]);
    await gen.next();
  `);
  expect(laneTexts(events)).toEqual([
    '<one <next next item> <next next done> <next next done> <next next done> one exhausted>',
  ]);
});

test('worker threads and child processes have theirs in the same file', async () => {
  project.write({
    'part.mjs': 'async function* part() { yield 1; }\nfor await (const _ of part());\n',
  });
  const events = await trace(`
    import { fork } from 'node:child_process';
    import { Worker } from 'node:worker_threads';
    async function* main() { yield 1; }
    for await (const _ of main());
    new Worker(new URL('part.mjs', import.meta.url));
    fork('part.mjs');
  `);
  const text = (name: string): string =>
    `<${name} <next next item> <next next done> ${name} exhausted>`;
  expect(laneTexts(events).sort()).toEqual([text('main'), text('part'), text('part')]);
  const threads = new Set(
    events.flatMap(({ ph, pid, tid }) => (ph === 'b' ? [`${pid} ${tid}`] : [])),
  );
  expect(threads.size).toBe(3);
  const names = events.flatMap(({ name, args }) => (name === 'process_name' ? [args!.name] : []));
  expect(names.sort()).toEqual(['main.mjs', 'part.mjs']);
});

test('a million events fill the file, not the memory', async () => {
  project.write({
    'main.mjs': `
      async function* counts(n) { for (let i = 0; i < n; i++) yield i; }
      for (let i = 0; i < 500; i++) for await (const _ of counts(1000));
    `,
  });
  const { code, stderr } = await project.command(['--trace', 'trace.json', 'main.mjs'], {
    flags: ['--max-old-space-size=64'],
  });
  if (code !== 0) throw new Error(stderr);
  expect(statSync(join(project.root, 'trace.json')).size).toBeGreaterThan(100e6);
});
