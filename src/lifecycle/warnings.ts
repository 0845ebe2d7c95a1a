import { warn } from '../messages.js';
import { formatAsyncGenSite, type AsyncGenSite } from '../runtime/index.js';
import type { ShutdownReport } from './shutdown.js';

/** The warnings of one tracker: of one kind of fact once for each place in the source. */
export class PlaceWarnings {
  readonly #told = new Set<string>();

  /** @param text what is said of the generator: `it failed. Catch the error.` */
  tell(site: AsyncGenSite, kind: string, text: string, code: string, cause?: unknown): void {
    const place = formatAsyncGenSite(site);
    const key = `${kind} ${place}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    warn(`asyncgen-hooks/lifecycle: ${place}, ${text}`, code, cause);
  }

  /** What did not close at the end of a scope. */
  tellUnclosed({ failed, blocked }: ShutdownReport): void {
    for (const { site, error } of failed) {
      const text =
        'it failed to close at the end of its scope. Handle the error in its finally block.';
      this.tell(site, 'scope failed', text, 'ERR_ASYNCGEN_SCOPE', error);
    }
    for (const { site, waiting } of blocked) {
      const text =
        `it did not close within ${waiting} ms at the end of its scope. Let what it waits for end, or ` +
        'settle: asyncGenSignal() says when.';
      this.tell(site, 'scope blocked', text, 'ERR_ASYNCGEN_SCOPE');
    }
  }
}
