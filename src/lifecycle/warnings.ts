import { firstIterated, plural, printable, quote, warn } from '../messages.js';
import { formatAsyncGenSite, type AsyncGenSite } from '../runtime/index.js';
import type { LiveAsyncGen } from './entry.js';
import type { ShutdownReport } from './shutdown.js';

/** The warnings of one tracker: of one kind of fact once for each place in the source. */
export class PlaceWarnings {
  readonly #told = new Set<string>();
  #hasToldCrowded = false;

  /** @param text what is said of the generator at a place: `rows (a.js:1:1) failed. Catch the error.` */
  tell(
    site: AsyncGenSite,
    kind: string,
    text: (place: string) => string,
    code: string,
    cause?: unknown,
  ): void {
    const place = formatAsyncGenSite(site);
    const key = `${kind} ${place}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    warn(`asyncgen-hooks/lifecycle: ${text(place)}`, code, cause);
  }

  tellAbandoned({ site, items, stack }: LiveAsyncGen): void {
    const text = (place: string): string =>
      `the program dropped ${place} before it finished, after ${plural(items, 'item')}; it is closed now. ` +
      'Iterate it with "for await", or hold it with "await using", and it is closed in time.' +
      firstIterated(stack);
    this.tell(site, 'abandoned', text, 'ERR_ASYNCGEN_ABANDONED');
  }

  /** Of one that was abandoned. */
  tellFailed({ site }: LiveAsyncGen, error: unknown): void {
    const text = (place: string): string =>
      `a finally block of ${place} failed with ${quote(error)} when it was closed, since the program ` +
      'had dropped it. Catch the error there.';
    this.tell(site, 'failed', text, 'ERR_ASYNCGEN_ABANDONED', error);
  }

  tellCallback({ site }: LiveAsyncGen, error: unknown): void {
    const text = (place: string): string =>
      `onAbandoned failed with ${quote(error)} for ${place}, which is closed all the same. Handle the error ` +
      'inside onAbandoned.';
    this.tell(site, 'onAbandoned', text, 'ERR_ASYNCGEN_HOOK', error);
  }

  tellSuspended({ site, parked, items, stack }: LiveAsyncGen, time: number): void {
    const at = parked === undefined ? '' : ` at ${printable(parked.file)}:${parked.line}`;
    const text = (place: string): string =>
      `${place} has been suspended${at} for ${time} ms, after ${plural(items, 'item')}. Read it to its end, or ` +
      'close it with return().' +
      firstIterated(stack);
    this.tell(site, 'suspended', text, 'ERR_ASYNCGEN_SUSPENDED');
  }

  tellLate(site: AsyncGenSite): void {
    const text = (place: string): string =>
      `${place} ${LATE}. Iterate it earlier, or shut down later.`;
    this.tell(site, LATE, text, 'ERR_ASYNCGEN_SHUTDOWN');
  }

  tellCrowded(): void {
    if (this.#hasToldCrowded) return;
    this.#hasToldCrowded = true;
    warn(
      'asyncgen-hooks/lifecycle: too many async generators were begun and left open without a task in ' +
        'between, and those that follow are not tracked. Await a timer or setImmediate() now and then.',
      'ERR_ASYNCGEN_CROWDED',
    );
  }

  /** What did not close at the end of a scope. */
  tellUnclosed({ failed, blocked }: ShutdownReport): void {
    for (const { site, error } of failed) {
      const text = (place: string): string =>
        `${place} failed to close at the end of its scope. Handle the error in its finally block.`;
      this.tell(site, 'scope failed', text, 'ERR_ASYNCGEN_SCOPE', error);
    }
    for (const { site, waiting } of blocked) {
      const text = (place: string): string =>
        `${place} did not close within ${waiting} ms at the end of its scope. Let what it waits for end, or ` +
        'settle: asyncGenSignal() says when.';
      this.tell(site, 'scope blocked', text, 'ERR_ASYNCGEN_SCOPE');
    }
  }
}

const LATE = 'took its first step after the shutdown';

export const refusal = (site: AsyncGenSite): Error =>
  Object.assign(
    new Error(
      `asyncgen-hooks/lifecycle: ${formatAsyncGenSite(site)} ${LATE}, and is refused. ` +
        'Iterate it earlier, or set afterShutdown to "warn".',
    ),
    { code: 'ERR_ASYNCGEN_SHUTDOWN' },
  );
