import { afterEach, expect, test } from '@jest/globals';
import {
  getAsyncGenHandle,
  setAsyncGenClock,
  setAsyncGenHooks,
  type AsyncGenHandle,
} from 'asyncgen-hooks';
import { gen, load } from '../helpers/generators.js';
import { clearHooks, recordOutcomes } from '../helpers/hooks.js';

/** What scripts/mutants.mjs found that no other test noticed. */

afterEach(() => {
  clearHooks();
  setAsyncGenClock(0);
});

/** A promise, and what fulfils it. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

const watched = (): void => void setAsyncGenHooks({ firstiter() {}, finalizer() {} });

test('pendingSince is when the oldest pending step had its turn', async () => {
  watched();
  const [first, second] = [gate(), gate()];
  const items = gen('await args[0]; yield 1; await args[1]; yield 2')(first.passed, second.passed);
  setAsyncGenClock(10);
  const steps = [items.next()];
  const handle = getAsyncGenHandle(items) as AsyncGenHandle;
  setAsyncGenClock(20);
  steps.push(items.next());
  expect([handle.pendingSince, handle.steppedAt]).toEqual([10, 10]);
  setAsyncGenClock(30);
  first.open();
  await steps[0];
  expect(handle.pendingSince).toBe(30);
  setAsyncGenClock(40);
  second.open();
  await steps[1];
  expect([handle.pendingSince, handle.steppedAt]).toEqual([undefined, 30]);
});

test('a yield that fails gives no item, and the next one is the first', async () => {
  watched();
  const refused = { then: (_: unknown, refuse: (error: string) => void) => refuse('refused') };
  const items = gen('try { yield args[0] } catch {} yield 2; await args[1]')(
    refused,
    new Promise(() => {}),
  );
  expect(await items.next()).toEqual({ value: 2, done: false });
  const handle = getAsyncGenHandle(items) as AsyncGenHandle;
  expect(handle.items).toBe(1);
  void items.next();
  expect(handle.state).toBe('running');
});

test('a return() that had its turn is the outcome, though its signal fails a finally block', async () => {
  const outcomes = recordOutcomes();
  const items = load(`
    const { asyncGenSignal } = require('asyncgen-hooks');
    module.exports = async function* () {
      try { yield 1 } finally { asyncGenSignal().throwIfAborted() }
    }`)();
  await items.next();
  await items.return(7);
  expect(outcomes).toEqual([{ type: 'closed', value: 7 }]);
});
