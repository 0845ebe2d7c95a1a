import {
  registry,
  type GeneratorLink,
  type HooksInForce,
  type RegistryApi,
  type Step,
} from '../registry.js';
import type { AnyAsyncGenerator, AsyncGenStepName } from '../types.js';
import { reportHookError } from './report.js';
import { resumeStep } from './resume.js';
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
    if (record.hooks.resume !== null) return resumed(gen, link, record, 'next', value);
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
    if (record.hooks.resume !== null) return resumed(gen, link, record, name, value);
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

function resumed(
  gen: AnyAsyncGenerator,
  link: GeneratorLink,
  record: Watched,
  name: AsyncGenStepName,
  value: unknown,
): Step {
  const take = (): Step => takeStep(link, record, name, value);
  try {
    return resumeStep(record.hooks.resume!, gen, record, name, take);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Takes a step in its context. */
function takeStep(
  link: GeneratorLink,
  record: Watched,
  name: AsyncGenStepName,
  value: unknown,
): Step {
  const { context } = record;
  return context === undefined
    ? (prepareStep(link, record, name, value) ?? link.fn.step(link, name, value))
    : context.runInAsyncScope(stepOf, link, record, name, value);
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
