import { show } from '../messages.js';
import { checkNames, optionError } from '../options.js';
import {
  addAsyncGenHooks,
  type AddedAsyncGenHooks,
  type AnyAsyncGenerator,
  type AsyncGenHandle,
  type AsyncGenHooks,
  type AsyncGenOutcome,
  type AsyncGenStepName,
} from '../runtime/index.js';
import { decideOwner } from './ownership.js';

/**
 * What may be heard of each generator. All is optional, and only what is there costs anything.
 * `owner` is the scope that owns the generator, `undefined` if none does. It may change (see
 * `scope.own`); each event has the one of that moment.
 */
export interface AsyncGenObserver {
  /** The generator function was called. Nobody owns a generator yet. */
  called?: (handle: AsyncGenHandle, gen: AnyAsyncGenerator) => void;
  /** The first step was asked for. If this throws, that step rejects with it. */
  begun?: (handle: AsyncGenHandle, owner: object | undefined, gen: AnyAsyncGenerator) => void;
  /** It gives an item. */
  yielded?: (handle: AsyncGenHandle, owner: object | undefined, item: unknown) => void;
  /**
   * It has ended, or the program has dropped it (`abandoned`: once, and its end is not told then).
   * A promise that this returns is waited for, and its rejection reported.
   */
  ended?: (
    handle: AsyncGenHandle,
    owner: object | undefined,
    outcome: AsyncGenOutcome,
  ) => void | Promise<void>;
  /**
   * A step was asked for. With this or `settled` each step is a promise of its own, which settles a
   * microtask later than natively.
   */
  asked?: (handle: AsyncGenHandle, name: AsyncGenStepName) => void;
  /** A step has settled; those of one generator do in the order of asking. */
  settled?: (handle: AsyncGenHandle, name: AsyncGenStepName, how: AsyncGenStepEnd) => void;
}

/** How a step settled: with an item, with `done`, or with an error. */
export type AsyncGenStepEnd = 'item' | 'done' | 'failed';

const NAMES = ['called', 'begun', 'yielded', 'ended', 'asked', 'settled'] as const;
const SUBJECT = 'lifecycle: observeAsyncGens():';

/**
 * Observes all async generators whose first step comes from now on: the one place where the hooks
 * become events. Trackers, the command's counts and its trace are such observers.
 *
 * @returns a `Disposable` with `remove()`, as `addAsyncGenHooks` does.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown event, or what is no function.
 */
export function observeAsyncGens(observer: AsyncGenObserver): AddedAsyncGenHooks {
  const given = checkNames<AsyncGenObserver>(SUBJECT, observer, NAMES);
  for (const name of NAMES) {
    const event: unknown = given[name];
    if (event === undefined || typeof event === 'function') continue;
    throw optionError(SUBJECT, `option "${name}" is ${show(event)}. Pass a function.`);
  }
  return addAsyncGenHooks(hooksOf(given));
}

function hooksOf(observer: AsyncGenObserver): Partial<AsyncGenHooks> {
  const { called, begun, yielded, ended, asked, settled } = observer;
  return {
    init: called ? (gen, handle) => called(handle, gen) : null,
    // Where there is a scope there is its tracker, which decides for observers of other events.
    firstiter: begun ? (gen, handle) => begun(handle, decideOwner(gen, handle), gen) : null,
    iter: yielded ? (_gen, item, handle) => void yielded(handle, handle.owner, item) : null,
    finalizer: ended ? (_gen, outcome, handle) => ended(handle, handle.owner, outcome) : null,
    resume:
      asked || settled
        ? (_gen, step, name, handle) => {
            asked?.(handle, name);
            if (settled === undefined) return step();
            const failed = (error: unknown): never => {
              settled(handle, name, 'failed');
              throw error;
            };
            // What the program gets is a promise of its own: of the step's, an error would count as handled.
            try {
              return step().then((result) => {
                settled(handle, name, result.done ? 'done' : 'item');
                return result;
              }, failed);
            } catch (error) {
              return failed(error);
            }
          }
        : null,
  };
}
