import { DISPOSE } from '../dispose.js';
import { checkNames, optionError } from '../options.js';
import { show } from '../messages.js';
import {
  addAsyncGenHooks,
  formatAsyncGenSite,
  type AddedAsyncGenHooks,
  type AsyncGenHandle,
  type AsyncGenOutcome,
  type AsyncGenSite,
} from '../runtime/index.js';

export interface ShowOptions {
  /**
   * The generator functions that have a track; it is asked for each generator that begins.
   * @default all
   */
  filter?: (site: AsyncGenSite) => boolean;
}

const SUBJECT = 'devtools: showAsyncGens():';
const GROUP = 'Async generators';

type How = AsyncGenOutcome['type'] | 'open';

const COLORS: Record<How, string> = {
  exhausted: 'primary',
  closed: 'secondary',
  failed: 'error',
  abandoned: 'warning',
  open: 'tertiary',
};

interface Begun {
  readonly site: AsyncGenSite;
  readonly at: number;
}

/**
 * Shows async generators in the performance panel of a browser's developer tools: in the group "Async
 * generators" each generator function has a track, and each of its generators is an entry, from its
 * first step to its end, with how it ended and how many items it gave.
 *
 * @returns a `Disposable` with `remove()`, which shows what is open as it is.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown or wrong option; Error, code
 *   `ERR_ASYNCGEN_DEVTOOLS`, where the host has no `performance.measure`.
 *
 * Source: https://developer.chrome.com/docs/devtools/performance/extension
 */
export function showAsyncGens(options: ShowOptions = {}): AddedAsyncGenHooks {
  const { filter } = checkNames<ShowOptions>(SUBJECT, options, ['filter']);
  if (filter !== undefined && typeof filter !== 'function')
    throw optionError(SUBJECT, `option "filter" is ${show(filter)}. Pass a function.`);
  checkHost();
  const open = new Map<AsyncGenHandle, Begun>();
  const hooks = addAsyncGenHooks({
    firstiter(_gen, handle) {
      const { site } = handle;
      if (filter === undefined || filter(site)) open.set(handle, { site, at: performance.now() });
    },
    finalizer(_gen, outcome, handle) {
      const begun = open.get(handle);
      if (begun === undefined) return;
      open.delete(handle);
      draw(begun, handle.items, outcome.type);
    },
  });
  const remove = (): void => {
    hooks.remove();
    for (const [handle, begun] of open) draw(begun, handle.items, 'open');
    open.clear();
  };
  return { remove, [DISPOSE]: remove };
}

/** Tells of an entry when it is over: the panel has no entry without an end. */
function draw({ site, at }: Begun, items: number, how: How): void {
  const name = site.name || '(anonymous)';
  const measure = `asyncgen ${name}`;
  performance.measure(measure, {
    start: at,
    end: performance.now(),
    detail: {
      devtools: {
        dataType: 'track-entry',
        track: name,
        trackGroup: GROUP,
        color: COLORS[how],
        tooltipText: `${name}: ${how}`,
        properties: [
          ['outcome', how],
          ['items', String(items)],
          ['place', formatAsyncGenSite(site)],
        ],
      },
    },
  });
  // The panel has it; the page's own list of measures would grow for ever.
  performance.clearMeasures(measure);
}

function checkHost(): void {
  const { performance } = globalThis as { performance?: { measure?: unknown } };
  if (typeof performance?.measure === 'function') return;
  throw Object.assign(
    new Error(
      `asyncgen-hooks/${SUBJECT} this host has no performance.measure(). Call it in a browser.`,
    ),
    { code: 'ERR_ASYNCGEN_DEVTOOLS' },
  );
}
