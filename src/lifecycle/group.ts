import { captureContext, isAsyncContextCheap } from '../async-context.js';
import type { AsyncGenHandle, AsyncGenSite } from '../runtime/index.js';
import { now } from '../time.js';
import { StepClock } from './clock.js';
import { Entry, type LiveAsyncGen } from './entry.js';
import type { ShutdownOptions } from './limits.js';
import { observeAsyncGens } from './observe.js';
import { OpenGenerators } from './open.js';
import { close, type ShutdownReport } from './shutdown.js';
import { stackOfStep } from './stack.js';

/**
 * Generators that somebody looks after without owning them: a test runner does, beside the trackers
 * and scopes of the program that it tests, which see what they see without it.
 */
export class AsyncGenGroup {
  readonly open = new OpenGenerators();
  /** What the program dropped, as it was then: it is closed. */
  readonly dropped: LiveAsyncGen[] = [];

  /** Those that began and have not ended, oldest first; before them, what the program dropped. */
  live(): LiveAsyncGen[] {
    return [...this.dropped, ...this.open.live()];
  }

  /** Closes what is open, as `tracker.shutdown()` does. */
  close(limits: Required<ShutdownOptions>): Promise<ShutdownReport> {
    return this.open.close(limits);
  }
}

/**
 * Puts each generator that begins from now on into a group.
 *
 * @param groupOf the group for one that begins at this moment, if any.
 * @returns what puts no more into any; what is in one stays there.
 */
export function groupAsyncGens(groupOf: (site: AsyncGenSite) => AsyncGenGroup | undefined): {
  remove(): void;
} {
  const groups = new WeakMap<AsyncGenHandle, AsyncGenGroup>();
  let open = 0;
  const clock = new StepClock(now, () => open > 0);
  const hooks = observeAsyncGens({
    begun(handle, _owner, gen) {
      const group = groupOf(handle.site);
      if (group === undefined) return;
      open++;
      groups.set(handle, group);
      const context = isAsyncContextCheap ? captureContext() : undefined;
      group.open.add(new Entry(handle, { clock, stack: stackOfStep(gen), context }));
    },
    ended(handle, _owner, { type }) {
      const group = groups.get(handle);
      const entry = group?.open.get(handle);
      if (group === undefined || entry === undefined) return;
      open--;
      if (type !== 'abandoned') return group.open.take(handle)?.forget();
      group.dropped.push(entry.snapshot());
      // A closing of all has to wait for this one.
      const closing = close(entry).finally(() => group.open.take(handle));
      entry.note({ closing });
      // It was left open, and that is told; what comes of its end is told of nobody.
      closing.catch(() => {});
    },
  });
  return {
    remove() {
      hooks.remove();
      // Jest clears a realm that it has done with, and warns of who looks into it.
      clock.stop();
    },
  };
}
