import { builtinModule } from '../builtin.js';

/** What is used of `node:diagnostics_channel`. */
export interface DiagnosticsChannel {
  channel(name: string): Channel;
  tracingChannel(name: string): TracingChannel;
}

export interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: object): void;
}

export type TracingChannel = Record<(typeof PHASES)[number], Channel> & {
  tracePromise(fn: () => unknown, message: object): unknown;
};

const PHASES = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

/** What makes a subscriber of somebody, or no subscriber any more. */
const CHANGES = ['subscribe', 'unsubscribe', 'bindStore', 'unbindStore'] as const;

type Change = (this: object, ...args: unknown[]) => unknown;

/**
 * The channels. They are held here: Node forgets a channel that nobody holds and nobody has
 * subscribed to.
 */
export class Channels {
  readonly called: Channel;
  readonly begun: Channel;
  readonly item: Channel;
  readonly ended: Channel;
  readonly step: TracingChannel;

  constructor({ channel, tracingChannel }: DiagnosticsChannel) {
    this.called = channel('asyncgen:called');
    this.begun = channel('asyncgen:begun');
    this.item = channel('asyncgen:item');
    this.ended = channel('asyncgen:ended');
    this.step = tracingChannel('asyncgen:step');
  }

  get isStepHeard(): boolean {
    return PHASES.some((phase) => this.step[phase].hasSubscribers);
  }

  /**
   * Calls `changed` when somebody subscribes, or has ended to. Node does not say so: without this, hooks
   * would have to be there for nobody. Each of our channels gets its methods as properties of its
   * own; a class that Node gives it on the way (an active channel has another one) stays.
   *
   * @returns what takes it back.
   */
  listen(changed: () => void): () => void {
    const steps = PHASES.map((phase) => this.step[phase]);
    const all = [this.called, this.begun, this.item, this.ended, ...steps];
    for (const channel of all) {
      for (const name of CHANGES) {
        Object.defineProperty(channel, name, {
          __proto__: null,
          configurable: true,
          value(this: object, ...args: unknown[]): unknown {
            const inherited = Object.getPrototypeOf(this) as Record<string, Change>;
            try {
              return inherited[name]!.apply(this, args);
            } finally {
              changed();
            }
          },
        } as PropertyDescriptor);
      }
    }
    return () => {
      for (const channel of all) for (const name of CHANGES) Reflect.deleteProperty(channel, name);
    };
  }
}

/** @throws Error, code `ERR_ASYNCGEN_DIAGNOSTICS`, where the host has none. */
export function openChannels(): Channels {
  const module = builtinModule<DiagnosticsChannel>('node:diagnostics_channel');
  if (typeof module?.tracingChannel === 'function') return new Channels(module);
  throw Object.assign(
    new Error(
      "asyncgen-hooks/diagnostics: publishAsyncGens(): this host has no process.getBuiltinModule('node:diagnostics_channel'). " +
        'Call it in Node, Deno or Bun, or use observeAsyncGens() of asyncgen-hooks/lifecycle.',
    ),
    { code: 'ERR_ASYNCGEN_DIAGNOSTICS' },
  );
}
