import { warn } from '../../messages.js';
import { startIdleTimer } from '../../time.js';
import type { AnyAsyncGenerator, AsyncGenOutcome } from '../types.js';

/** What is watched: the record of a body, which does not refer to its generator. */
interface WatchedRecord {
  /** The generator, while this is young; then weakly. */
  held: AnyAsyncGenerator | WeakRef<AnyAsyncGenerator> | null;
  /** Its place among the young; negative if it is none of them, or `APART`. */
  youngAt: number;
  /** Whether a step is pending: somebody may wait for it without the generator. */
  readonly isPending: boolean;
  /** Watches another generator over the body, once the step has settled. */
  watchLater(): void;
  /** Of its end, once. */
  tell(outcome: AsyncGenOutcome): void;
}

/**
 * Notices generators that the program dropped.
 *
 * A `FinalizationRegistry` costs about as much as two short generators for each one registered,
 * and most end soon. So a new generator is only listed as young, and an ended one leaves the list.
 * The next collection of garbage (seen by an object that nobody holds) moves those that are left
 * into the registry; the list holds them until then, so a dropped generator is noticed one
 * collection later than it might be. Registered ones are not unregistered when they end: their
 * record says so when they die.
 */
const young: WatchedRecord[] = [];
let isArmed = false;

/** Beyond this the young are registered at once: a collection may be long in coming. */
const MAX_YOUNG = 4096;

/**
 * In a loop of microtasks engines clean nothing: what is registered, and what a WeakRef was made for,
 * stays until the next task, dropped or not. So it is a limited number, and what comes then is only
 * held by its own record, and is no further concern of ours.
 */
const MAX_IN_TASK = 20_000;
/** In the place of `youngAt`: the record holds the generator, and no list holds the record. */
export const APART = 0x3fffffff;

let inTask = 0;
let isTimed = false;
let hasWarned = false;

/** Whether the young may be registered: there were not too many since the last task. */
function hasRoom(): boolean {
  inTask += young.length;
  if (!isTimed) {
    isTimed = true;
    startIdleTimer(0, () => {
      isTimed = false;
      inTask = 0;
    });
  }
  return inTask <= MAX_IN_TASK;
}

function keepApart(gen: AnyAsyncGenerator, body: WatchedRecord): void {
  body.held = gen;
  body.youngAt = APART;
  if (hasWarned) return;
  hasWarned = true;
  warn(
    `asyncgen-hooks/runtime: more than ${MAX_IN_TASK} async generators were begun and left open without a task in ` +
      'between, and those that follow are not found abandoned. Await a timer or setImmediate() now and then.',
    'ERR_ASYNCGEN_CROWDED',
  );
}

const registry =
  typeof FinalizationRegistry === 'function'
    ? new FinalizationRegistry<WatchedRecord | null>((body) =>
        body === null ? endOfYouth() : abandon(body),
      )
    : undefined;

function abandon(body: WatchedRecord): void {
  if (body.isPending) body.watchLater();
  else body.tell({ type: 'abandoned' });
}

export function watch(gen: AnyAsyncGenerator, body: WatchedRecord): void {
  if (registry === undefined) return;
  if (young.length >= MAX_YOUNG) {
    if (!hasRoom()) return keepApart(gen, body);
    promote();
  }
  body.held = gen;
  body.youngAt = young.push(body) - 1;
  if (isArmed) return;
  isArmed = true;
  registry.register({}, null);
}

export function unwatch(body: WatchedRecord): void {
  const { youngAt } = body;
  if (youngAt < 0) return;
  body.youngAt = -1;
  body.held = null;
  if (youngAt === APART) return;
  const last = young.pop()!;
  if (last !== body) {
    young[youngAt] = last;
    last.youngAt = youngAt;
  }
}

function endOfYouth(): void {
  isArmed = false;
  promote();
}

function promote(): void {
  for (const body of young) {
    const gen = body.held as AnyAsyncGenerator;
    registry!.register(gen, body);
    body.held = new WeakRef(gen);
    body.youngAt = -1;
  }
  young.length = 0;
}
