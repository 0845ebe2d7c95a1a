import { expect } from '@jest/globals';
import { addAsyncGenHooks, setAsyncGenHooks } from 'asyncgen-hooks';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
import { collectUntil } from '../../helpers/gc.js';
import { gen, make } from '../../helpers/generators.js';
import { warningsDuring } from '../../helpers/warnings.js';

/** What asyncio and Trio do on the hooks, by the words of the table in docs/python.md. */
export const frameworks: Record<string, () => Promise<void>> = {
  'asyncio: a dropped generator is closed in a task': async () => {
    const record: unknown[] = [];
    const tracker = trackAsyncGens({ onAbandoned: () => {} });
    await make(record)(1).next();
    await collectUntil(() => record.includes('finally'));
    tracker[Symbol.dispose]();
  },
  'asyncio: an error while a dropped generator closes goes to the exception handler': async () => {
    const tracker = trackAsyncGens({ onAbandoned: () => {} });
    const broken = gen("try { yield 1; } finally { throw new Error('cannot close'); }");
    const warnings = await warningsDuring(async () => {
      await broken().next();
      await collectUntil(() => tracker.live().length === 0);
    });
    tracker[Symbol.dispose]();
    expect(warnings[0].cause.message).toBe('cannot close');
  },
  'asyncio: shutdown_asyncgens closes all of them at the same time': async () => {
    const record: string[] = [];
    const tracker = trackAsyncGens();
    const slow = gen(
      "try { yield 1; } finally { args[0].push('in'); await null; args[0].push('out'); }",
    );
    const [a, b] = [slow(record), slow(record)];
    await a.next();
    await b.next();
    await tracker.shutdown();
    tracker[Symbol.dispose]();
    expect(record).toEqual(['in', 'out', 'in', 'out']);
  },
  'asyncio: one that fails to close keeps no other from closing': async () => {
    const tracker = trackAsyncGens();
    const broken = gen("try { yield 1; } finally { throw new Error('cannot close'); }");
    const [a, b] = [broken(), make()(1)];
    await a.next();
    await b.next();
    const { closed, failed } = await tracker.shutdown();
    tracker[Symbol.dispose]();
    expect([closed.length, failed.length]).toEqual([1, 1]);
  },
  'asyncio: one that does not close holds up the shutdown for good': async () => {
    const tracker = trackAsyncGens();
    const it = gen('await new Promise(() => {}); yield 1;')();
    void it.next();
    const { blocked } = await tracker.shutdown({ timeout: 5 });
    tracker[Symbol.dispose]();
    expect(blocked).toHaveLength(1);
  },
  'asyncio: a generator that begins during the shutdown stays open': async () => {
    const record: unknown[] = [];
    const tracker = trackAsyncGens();
    const items = make(record);
    const it = gen(
      'try { yield 1; } finally { args[1].push(args[0](1)); await args[1][0].next(); }',
    );
    const kept: unknown[] = [];
    const begun = it(items, kept);
    await begun.next();
    await tracker.shutdown();
    tracker[Symbol.dispose]();
    expect(record).toEqual(['body', 'finally']);
  },
  'asyncio: a generator that begins after the shutdown is warned of': async () => {
    const tracker = trackAsyncGens();
    await tracker.shutdown();
    const warnings = await warningsDuring(async () => void (await make()(1).next()));
    tracker[Symbol.dispose]();
    expect(warnings[0].code).toBe('ERR_ASYNCGEN_SHUTDOWN');
  },
  'Trio: a dropped generator is warned of by name': async () => {
    const tracker = trackAsyncGens();
    const warnings = await warningsDuring(async () => {
      await make()(1).next();
      await collectUntil(() => tracker.live().length === 0);
    });
    tracker[Symbol.dispose]();
    expect(warnings[0].message).toContain('items (src/input.js:1:30)');
  },
  'Trio: at the end generators are closed in rounds until none is left': async () => {
    const tracker = trackAsyncGens();
    const chain = gen(
      'try { yield 1; } finally { if (args[0] > 0) { const it = gen(args[0] - 1, args[1]); args[1].push(it); await it.next(); } }',
    );
    const kept: unknown[] = [];
    const begun = chain(2, kept);
    await begun.next();
    const { rounds } = await tracker.shutdown();
    tracker[Symbol.dispose]();
    expect(rounds).toBe(3);
  },
  'Trio: generators that it does not know go to the hooks that were there before': async () => {
    const seen: string[] = [];
    setAsyncGenHooks({ firstiter: () => void seen.push('slot') });
    const added = addAsyncGenHooks({ firstiter: () => void seen.push('added') });
    const it = make()(1);
    await it.next();
    added.remove();
    expect(seen).toEqual(['slot', 'added']);
  },
  'Trio: a closing generator may not wait, its scope is cancelled': async () => {
    const record: unknown[] = [];
    const tracker = trackAsyncGens();
    const it = gen("try { yield 1; } finally { await null; args[0].push('waited'); }")(record);
    await it.next();
    await tracker.shutdown();
    tracker[Symbol.dispose]();
    expect(record).toEqual(['waited']);
  },
};
