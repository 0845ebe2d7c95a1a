import { afterAll, expect, test } from '@jest/globals';
import { getAsyncGenHandle, setAsyncGenClock, setAsyncGenHooks } from 'asyncgen-hooks';
import { gen } from '../helpers/generators.js';
import { clearHooks } from '../helpers/hooks.js';

afterAll(clearHooks);

// In a file of its own: no test before may have set the clock of this realm.
test('a clock may begin at 0, and a reading that is no number does not stay', () => {
  setAsyncGenHooks({ finalizer: () => {} });
  setAsyncGenClock(NaN);
  setAsyncGenClock(0);
  const pending = gen('await args[0]')(new Promise(() => {}));
  void pending.next();
  setAsyncGenClock(5000);
  const handle = getAsyncGenHandle(pending)!;
  expect([handle.pendingSince, handle.steppedAt]).toEqual([0, 0]);
  const later = gen('await args[0]')(new Promise(() => {}));
  void later.next();
  expect(getAsyncGenHandle(later)!.pendingSince).toBe(5000);
});
