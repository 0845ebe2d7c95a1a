import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  addAsyncGenHooks,
  getAsyncGenHandle,
  setAsyncGenHooks,
  type AsyncGenHooks,
} from 'asyncgen-hooks';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
import { collectTimes, collectUntil } from '../helpers/gc.js';
import { load, make, type Gen } from '../helpers/generators.js';
import { warningsDuring } from '../helpers/warnings.js';

const none: AsyncGenHooks = {
  firstiter: null,
  iter: null,
  finalizer: null,
  init: null,
  resume: null,
};

afterEach(() => void setAsyncGenHooks(none));

const outcomes = (): string[] => {
  const seen: string[] = [];
  setAsyncGenHooks({ finalizer: (_, { type }) => void seen.push(type) });
  return seen;
};
const gen = (body: string): ((...args: any[]) => Gen) =>
  load(`module.exports = async function* gen(...args) { ${body} }`);

/** What CPython 3.14 and Trio do, by the words of the table in the README. */
const rows: Record<string, () => Promise<void>> = {
  'firstiter is called once, in the first step of any kind': async () => {
    for (const step of ['next', 'return', 'throw'] as const) {
      let calls = 0;
      setAsyncGenHooks({ firstiter: () => void calls++ });
      const it = make()(1);
      await it[step](undefined).catch(() => {});
      await it.next();
      expect(calls).toBe(1);
    }
  },
  'an error of firstiter is raised by that step and not retried': async () => {
    let calls = 0;
    setAsyncGenHooks({
      firstiter: () => {
        calls++;
        throw new Error('firstiter');
      },
    });
    const it = make()(1);
    await expect(it.next()).rejects.toThrow('firstiter');
    expect((await it.next()).value).toBe(1);
    expect(calls).toBe(1);
  },
  'the finalizer is read in the first step and kept': async () => {
    const seen = outcomes();
    const it = make()(1);
    await it.next();
    setAsyncGenHooks(none);
    await it.return(undefined);
    expect(seen).toEqual(['closed']);
  },
  'the finalizer is called only for a generator that was collected unfinished': async () => {
    const seen = outcomes();
    const it = make()(1);
    await it.next();
    await it.return(undefined);
    expect(seen).toEqual(['closed']);
  },
  'a generator that was never iterated is not finalized': async () => {
    const seen = outcomes();
    make()(1);
    await collectTimes();
    expect(seen).toEqual([]);
  },
  'the finalizer gets the dying generator, resurrected, and may close it': async () => {
    const record: unknown[] = [];
    const handles: unknown[] = [];
    setAsyncGenHooks({
      firstiter: (it) => void handles.push(getAsyncGenHandle(it)),
      finalizer: (it) => {
        handles.push(getAsyncGenHandle(it));
        return it.return(undefined);
      },
    });
    await make(record)(1).next();
    await collectUntil(() => record.includes('finally'));
    expect(handles[0]).toBe(handles[1]);
  },
  'it is finalized at most once, also if the finalizer revives it': async () => {
    let kept: unknown;
    const seen: string[] = [];
    setAsyncGenHooks({
      finalizer: (it, { type }) => {
        seen.push(type);
        kept = it;
      },
    });
    await make()(1, 2).next();
    await collectUntil(() => seen.length > 0);
    await (kept as Gen).next();
    kept = undefined;
    await collectTimes();
    expect(seen).toEqual(['abandoned']);
  },
  'the collector finds a generator at once, by its reference count': async () => {
    const seen = outcomes();
    await make()(1).next();
    expect(seen).toEqual([]);
    await collectUntil(() => seen.length > 0);
    expect(seen).toEqual(['abandoned']);
  },
  'a generator in a cycle with itself is found by the cyclic collector': async () => {
    const seen = outcomes();
    const box: { it?: Gen } = {};
    box.it = gen('yield args;')(box);
    await box.it.next();
    delete box.it;
    await collectUntil(() => seen.length > 0);
    seen.length = 0;
    await (async () => {
      const kept: { it?: Gen } = {};
      kept.it = gen('yield args;')(kept);
      await kept.it.next();
    })();
    await collectTimes();
    expect(seen).toEqual([]);
  },
  'aclose() of a generator that did not begin closes it and runs nothing': async () => {
    const record: unknown[] = [];
    await make(record)(1).return(undefined);
    expect(record).toEqual([]);
  },
  'aclose() raises RuntimeError where finally yields': async () => {
    const it = gen("try { yield 1; } finally { yield 'again'; args[0].push('end'); }");
    const record: unknown[] = [];
    const tracker = trackAsyncGens();
    const begun = it(record);
    await begun.next();
    const report = await tracker.shutdown();
    tracker[Symbol.dispose]();
    expect([report.closed.length, record]).toEqual([1, ['end']]);
  },
  'a second step while one is at work raises RuntimeError': async () => {
    const it = make()(1, 2);
    const steps = await Promise.all([it.next(), it.next()]);
    expect(steps.map(({ value }) => value)).toEqual([1, 2]);
  },
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

describe('finalization, compared with CPython', () => {
  test.each(Object.entries(rows))('%s', (_, check) => check());

  test('the table of the README has these rows', () => {
    const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
    const section = readme.split(/^#+ /m).find((part) => part.startsWith('Compared with CPython'))!;
    const cells = [...section.matchAll(/^\| (.+?) +\|/gm)].map((match) =>
      match[1]!.replaceAll('`', ''),
    );
    expect(cells.slice(1).filter((cell) => !cell.startsWith('--'))).toEqual(Object.keys(rows));
  });
});
