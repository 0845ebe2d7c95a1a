import type {
  AnyAsyncGenerator,
  AsyncGenHandle,
  AsyncGenOutcome,
  AsyncGenStepName,
} from '../runtime/index.js';

/** `asyncgen:called` and `asyncgen:begun`: the function was called; the first step was asked for. */
export interface AsyncGenMessage {
  readonly handle: AsyncGenHandle;
  readonly generator: AnyAsyncGenerator;
}

/** `asyncgen:item`: it gives an item. */
export interface AsyncGenItemMessage {
  readonly handle: AsyncGenHandle;
  readonly item: unknown;
}

/** `asyncgen:ended`: it has ended, or the program has dropped it. */
export interface AsyncGenEndedMessage {
  readonly handle: AsyncGenHandle;
  readonly outcome: AsyncGenOutcome;
}

/**
 * `tracing:asyncgen:step:start` and the others: one object for each step. Node sets `result` and
 * `error`.
 */
export interface AsyncGenStepMessage {
  readonly handle: AsyncGenHandle;
  readonly step: AsyncGenStepName;
  readonly result?: IteratorResult<unknown, unknown>;
  readonly error?: unknown;
}
