import { expect } from '@jest/globals';
import { getAsyncGenHandle, setAsyncGenHooks } from 'asyncgen-hooks';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
import { collectTimes, collectUntil } from '../../helpers/gc.js';
import { gen, make, type Gen } from '../../helpers/generators.js';
import { NO_HOOKS, recordOutcomes } from '../../helpers/hooks.js';

/** What CPython 3.14 does, by the words of the table in docs/python.md. */
export const python: Record<string, () => Promise<void>> = {
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
    const seen = recordOutcomes();
    const it = make()(1);
    await it.next();
    setAsyncGenHooks(NO_HOOKS);
    await it.return(undefined);
    expect(seen.map(({ type }) => type)).toEqual(['closed']);
  },
  'the finalizer is called only for a generator that was collected unfinished': async () => {
    const seen = recordOutcomes();
    const it = make()(1);
    await it.next();
    await it.return(undefined);
    expect(seen.map(({ type }) => type)).toEqual(['closed']);
  },
  'a generator that was never iterated is not finalized': async () => {
    const seen = recordOutcomes();
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
    const seen = recordOutcomes();
    await make()(1).next();
    expect(seen).toEqual([]);
    await collectUntil(() => seen.length > 0);
    expect(seen.map(({ type }) => type)).toEqual(['abandoned']);
  },
  'a generator in a cycle with itself is found by the cyclic collector': async () => {
    const seen = recordOutcomes();
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
};
