import { warn } from '../../messages.js';
import { inTurn, startIdleTimer } from '../../time.js';
import type { AnyAsyncGenerator } from '../types.js';

/**
 * What a record has of its generator.
 *
 * | it is                    | the record                                               |
 * |--------------------------|----------------------------------------------------------|
 * | a number                 | is young: its place in the list                          |
 * | a WeakRef                | is in the registry, or its body has ended                |
 * | the generator            | holds it by itself: nobody is told when that is dropped  |
 * | `null`                   | has none                                                 |
 */
export type Held = number | WeakRef<AnyAsyncGenerator> | AnyAsyncGenerator | null;

/** What is watched: the record of a body, which does not refer to its generator. */
interface WatchedRecord {
  held: Held;
  /** Whether a step is pending: somebody may wait for it without the generator. */
  readonly isPending: boolean;
  /** Watches another generator over the body, once the step has settled. */
  watchLater(): void;
  /** The program has dropped the generator. */
  abandon(): void;
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
/** The generators of the young: in a list, and not in a field that each record would have for good. */
const youngGenerators: AnyAsyncGenerator[] = [];
/** The object that nobody holds, until the registry has told that it is gone. */
let canary: WeakRef<object> | undefined;

/** Beyond this the young are registered at once: a collection may be long in coming. */
const MAX_YOUNG = 4096;

/**
 * In a loop of microtasks engines clean nothing: what is registered, and what a WeakRef was made for,
 * stays until the next task, dropped or not. So it is a limited number, and what comes then is only
 * held by its own record, and is no further concern of ours.
 */
const MAX_IN_TASK = 20_000;
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
        body === null ? told() : abandon(body),
      )
    : undefined;

function abandon(body: WatchedRecord): void {
  if (body.isPending) body.watchLater();
  else body.abandon();
}

export function watch(gen: AnyAsyncGenerator, body: WatchedRecord): void {
  if (registry === undefined) {
    body.held = gen;
    return;
  }
  if (young.length >= MAX_YOUNG) {
    if (!hasRoom()) return keepApart(gen, body);
    promote();
  }
  youngGenerators.push(gen);
  body.held = young.push(body) - 1;
  if (canary === undefined) registry.register((canary = new Weak!({})).deref()!, null);
  else if ((++begun & EVERY) === 0 && canary.deref() === undefined) listen();
}

export function unwatch(body: WatchedRecord): void {
  const { held } = body;
  if (isWeak(held)) return;
  body.held = null;
  if (typeof held !== 'number') return;
  const last = young.pop()!;
  const lastGenerator = youngGenerators.pop()!;
  if (last !== body) {
    young[held] = last;
    youngGenerators[held] = lastGenerator;
    last.held = held;
  }
}

/** The generator, unless that is dropped. */
export function generatorOf(held: Held): AnyAsyncGenerator | undefined {
  if (typeof held === 'number') return youngGenerators[held];
  return isWeak(held) ? held.deref() : (held ?? undefined);
}

/** As it was when the package was loaded: a test may put something else in its place. None in old engines. */
const Weak = globalThis.WeakRef as typeof WeakRef | undefined;

const isWeak = (held: Held): held is WeakRef<AnyAsyncGenerator> =>
  Weak !== undefined && held instanceof Weak;

function endOfYouth(): void {
  canary = undefined;
  promote();
}

function promote(): void {
  for (let i = 0; i < young.length; i++) {
    const body = young[i]!;
    const gen = youngGenerators[i]!;
    if (unregistered === undefined) registry!.register(gen, body);
    else unregistered.push(body);
    body.held = new Weak!(gen);
  }
  young.length = 0;
  youngGenerators.length = 0;
}

/**
 * V8 before Node 26 tells no registry any more, in the whole process, once one has died between the collection that found
 * something for it and the task that was to tell it: that of a realm of Jest's, or of a cache. So it is looked now
 * and then whether a collection has been that nobody told of. From then on, what the young become is a list, which is gone
 * through behind each further collection.
 */
let unregistered: WatchedRecord[] | undefined;
/** Less one, with how many generators it is looked. */
const EVERY = 1024 - 1;
let begun = 0;
/** How long a task may be late, in milliseconds. */
const LATE = 1000;
let isListening = false;
/** Starts what follows in the async context of now: no request's. */
let listen = (): void => {};
if (registry !== undefined) waitToListen();

function waitToListen(): void {
  void new Promise<void>((resolve) => {
    listen = () => {
      if (isListening) return;
      isListening = true;
      resolve();
    };
  }).then(() => {
    waitToListen();
    const dead = canary;
    // Where the program has blocked the thread for so long, the task may come right behind the timer.
    const decide = (): void => {
      isListening = false;
      if (canary === dead && dead !== undefined) sweep();
    };
    startIdleTimer(LATE, () => void inTurn(() => void inTurn(decide)));
  });
}

/** Behind a collection that nobody has told of. */
function sweep(): void {
  const all = unregistered ?? [];
  unregistered = [];
  endOfYouth();
  for (const body of all) {
    if (listed(body) === undefined) abandon(body);
    else unregistered.push(body);
  }
}

/** The generator of one in the list. Where it was dropped, and somebody has asked for another since, the record holds that. */
const listed = ({ held }: WatchedRecord): AnyAsyncGenerator | undefined =>
  isWeak(held) ? held.deref() : undefined;

/** Of a collection; a task was only later than `LATE`, if there is a list. */
function told(): void {
  const all = unregistered ?? [];
  unregistered = undefined;
  endOfYouth();
  for (const body of all) {
    const gen = listed(body);
    if (gen === undefined) abandon(body);
    else registry!.register(gen, body);
  }
}
