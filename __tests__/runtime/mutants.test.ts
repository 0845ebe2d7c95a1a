import { afterEach, expect, test } from '@jest/globals';
import {
  getAsyncGenHandle,
  setAsyncGenClock,
  setAsyncGenHooks,
  type AsyncGenHandle,
} from 'asyncgen-hooks';
import { gen } from '../helpers/generators.js';
import { clearHooks } from '../helpers/hooks.js';

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
