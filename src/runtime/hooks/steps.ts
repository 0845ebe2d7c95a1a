import {
  registry,
  type GeneratorLink,
  type HooksInForce,
  type RegistryApi,
  type Step,
} from '../registry.js';
import type { AnyAsyncGenerator, AsyncGenStepName } from '../types.js';
import { reportHookError } from './report.js';
import { askForRoom } from './room.js';
import { isThenable, noop } from './thenable.js';
import { NO_HOOKS, Watched } from './watched.js';

export const api: RegistryApi = {
  created(gen, link) {
    const record = new Watched(link, NO_HOOKS);
    record.hold(gen);
    link.record = record;
    for (const hook of registry.inForce!.init!) hook(gen, record);
  },

  keepRecord(link) {
    const record = new Watched(link, NO_HOOKS);
    link.record = record;
    record.begin(undefined, NO_HOOKS);
    record.ask();
    record.enter();
    return record;
  },

  first(gen, link, value) {
    const failure = begin(gen, link);
    if (failure !== undefined) return failure;
    const record = link.record as Watched;
    if (record.hooks.resume !== null) return resumeStep(gen, link, record, 'next', value, 0);
    if (record.context !== undefined) return takeStep(link, record, 'next', value);
    record.ask();
    return undefined;
  },

  prepare(gen, link, name, value) {
    if (!link.record.hasBegun) {
      const failure = begin(gen, link);
      if (failure !== undefined) return failure;
    }
    const record = link.record as Watched;
    if (record.hooks.resume !== null) return resumeStep(gen, link, record, name, value, 0);
    return record.context === undefined
      ? prepareStep(link, record, name, value)
      : takeStep(link, record, name, value);
  },
};

/** The first step. @returns what it rejects with, if a `firstiter` hook failed. */
function begin(gen: AnyAsyncGenerator, link: GeneratorLink): Promise<never> | undefined {
  const hooks = registry.inForce ?? NO_HOOKS;
  // An `init` hook has seen the record.
  const record = link.record instanceof Watched ? link.record : new Watched(link, hooks);
  link.record = record;
  record.begin(gen, hooks);
  return hooks.firstiter === null ? undefined : callFirstiter(gen, record, hooks.firstiter);
}

/**
 * Takes a step within the `resume` hooks, the first of them outermost. Each level of a `yield*` is all of this once more on
 * the stack: few calls.
 */
function resumeStep(
  gen: AnyAsyncGenerator,
  link: GeneratorLink,
  record: Watched,
  name: AsyncGenStepName,
  value: unknown,
  at: number,
): Step {
  const hooks = record.hooks.resume!;
  let inner: Step | undefined;
  let isOver = false;
  const step = (): Step => {
    if (inner !== undefined) throw misuse('called step() twice. Call it once.');
    if (isOver) throw misuse('called step() after it had returned. Call it before.');
    if (at + 1 < hooks.length) inner = resumeStep(gen, link, record, name, value, at + 1);
    else if (record.context !== undefined) inner = takeStep(link, record, name, value);
    else inner = prepareStep(link, record, name, value) ?? link.fn.step(link, name, value);
    return inner;
  };
  try {
    const out = hooks[at]!(gen, step, name, record);
    isOver = true;
    return answer(out, inner);
  } catch (error) {
    handled(inner);
    if (at > 0) throw error;
    return Promise.reject(error);
  }
}

/** What a hook has made of a step; `undefined` for one that it did not take. */
function answer(out: unknown, inner: Step | undefined): Step {
  if (inner === undefined) {
    const missed = (): never => {
      throw misuse('returned without having called step(). Call it once, before returning.');
    };
    // An async hook that threw has an error of its own to tell.
    return isThenable(out) ? Promise.resolve(out).then(missed) : missed();
  }
  if (out === undefined || out === inner) return inner;
  handled(inner);
  return Promise.resolve(out as Step).then((result) => result ?? inner);
}

/** A hook that answers for the step by itself has taken over how the step went. */
function handled(step: Step | undefined): void {
  step?.catch(noop);
}

const misuse = (fact: string): Error =>
  Object.assign(new Error(`asyncgen-hooks/runtime: resume hook ${fact}`), {
    code: 'ERR_ASYNCGEN_RESUME',
  });

/** Steps in contexts that are on the stack now. */
let depth = 0;

/** Takes a step in its context. */
function takeStep(
  link: GeneratorLink,
  record: Watched,
  name: AsyncGenStepName,
  value: unknown,
): Step {
  const { context } = record;
  if (context === undefined)
    return prepareStep(link, record, name, value) ?? link.fn.step(link, name, value);
  askForRoom(depth);
  depth++;
  try {
    return context.runInAsyncScope(stepOf, link, record, name, value);
  } finally {
    depth--;
  }
}

function stepOf(
  this: GeneratorLink,
  record: Watched,
  name: AsyncGenStepName,
  value: unknown,
): Step {
  return prepareStep(this, record, name, value) ?? this.fn.step(this, name, value);
}

function callFirstiter(
  gen: AnyAsyncGenerator,
  record: Watched,
  hooks: NonNullable<HooksInForce['firstiter']>,
): Promise<never> | undefined {
  let errors: unknown[] | undefined;
  for (const hook of hooks) {
    try {
      hook(gen, record);
    } catch (error) {
      (errors ??= []).push(error);
    }
  }
  if (errors === undefined) return undefined;
  // The body whose `yield*` asked for the step may have nothing to tell for long.
  record.more?.reader?.past();
  for (const error of errors.slice(1)) reportHookError('firstiter', record.fn, error);
  return Promise.reject(errors[0]);
}

/**
 * Counts a step. `return()` and `throw()` in front of its start end a body that will never run.
 *
 * @returns the step; `undefined` if it is to be the native one of the body.
 */
export function prepareStep(
  link: GeneratorLink,
  record: Watched,
  name: AsyncGenStepName,
  value: unknown,
): Step | undefined {
  const { fn } = link;
  record.ask();
  if (name !== 'next' && !record.isEnded) record.askToEnd(name, value);
  if (record.isStarted || record.isEnded || name === 'next') {
    if (!record.isStarted) fn.startNext(link);
    return fn.native ? undefined : fn.step(link, name, value);
  }
  const step = fn.step(link, name, value);
  record.end(name === 'return' ? { type: 'closed', value } : { type: 'failed', error: value });
  return step;
}
