import { DISPOSE } from '../dispose.js';
import { addAsyncGenHooks, type AddedAsyncGenHooks, type AsyncGenHooks } from '../runtime/index.js';
import { openChannels, type Channels } from './channels.js';

export type {
  AsyncGenEndedMessage,
  AsyncGenItemMessage,
  AsyncGenMessage,
  AsyncGenStepMessage,
} from './messages.js';

/** One for each realm: two copies of the package would tell everything twice. */
interface Publisher {
  users: number;
  stop(): void;
}

const KEY = Symbol.for('asyncgen-hooks/diagnostics/1');
const realm = globalThis as Record<symbol, Publisher | undefined>;

/**
 * From now on async generators are told of on channels of `node:diagnostics_channel`:
 *
 * | channel                              | message                        | when                                    |
 * |--------------------------------------|--------------------------------|-----------------------------------------|
 * | `asyncgen:called`                    | `{ handle, generator }`        | the generator function was called       |
 * | `asyncgen:begun`                     | `{ handle, generator }`        | its first step was asked for            |
 * | `asyncgen:item`                      | `{ handle, item }`             | it gives an item                        |
 * | `asyncgen:ended`                     | `{ handle, outcome }`          | it has ended, or was dropped            |
 * | `tracing:asyncgen:step:start`, `end` | `{ handle, step }`             | a step was asked for; the call returned |
 * | `…:asyncStart`, `…:asyncEnd`         | and `result`                   | the step has settled                    |
 * | `…:error`                            | and `error`                    | it has failed                           |
 *
 * Only what has a subscriber costs anything. A subscriber hears of the generators that begin (for
 * `asyncgen:called`: are called) after it has subscribed. A store that is bound to
 * `tracing:asyncgen:step:start` holds inside of the body. While somebody subscribes to steps, each is a promise of
 * its own, which settles later than natively.
 *
 * @returns a `Disposable` with `remove()`.
 * @throws Error, code `ERR_ASYNCGEN_DIAGNOSTICS`, where the host has no channels.
 */
export function publishAsyncGens(): AddedAsyncGenHooks {
  const publisher = (realm[KEY] ??= startPublisher());
  publisher.users++;
  let isRemoved = false;
  const remove = (): void => {
    if (isRemoved) return;
    isRemoved = true;
    if (--publisher.users > 0) return;
    realm[KEY] = undefined;
    publisher.stop();
  };
  return { remove, [DISPOSE]: remove };
}

function startPublisher(): Publisher {
  const channels = openChannels();
  let added: AddedAsyncGenHooks | undefined;
  let heard = '';
  const refresh = (): void => {
    const hooks = hooksFor(channels);
    // Each subscriber more would change nothing, but the order of the sets of hooks.
    const hears = Object.keys(hooks).join();
    if (hears === heard) return;
    heard = hears;
    const before = added;
    added = hears === '' ? undefined : addAsyncGenHooks(hooks);
    before?.remove();
  };
  const stopListening = channels.listen(refresh);
  refresh();
  return {
    users: 0,
    stop() {
      stopListening();
      added?.remove();
    },
  };
}

/** Those that somebody hears of, and no others. */
function hooksFor(channels: Channels): Partial<AsyncGenHooks> {
  const { called, begun, item, ended, step } = channels;
  return {
    ...(called.hasSubscribers && {
      init: (generator, handle) => called.publish({ handle, generator }),
    }),
    ...(begun.hasSubscribers && {
      firstiter: (generator, handle) => begun.publish({ handle, generator }),
    }),
    ...(item.hasSubscribers && {
      iter: (_gen, value, handle) => item.publish({ handle, item: value }),
    }),
    ...(ended.hasSubscribers && {
      finalizer: (_gen, outcome, handle) => ended.publish({ handle, outcome }),
    }),
    ...(channels.isStepHeard && {
      resume: (_gen, take, name, handle) => step.tracePromise(take, { handle, step: name }),
    }),
  };
}
