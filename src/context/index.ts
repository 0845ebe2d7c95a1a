import { captureContext, hasAsyncContext } from '../async-context.js';
import { show } from '../messages.js';
import { checkNames, optionError } from '../options.js';
import {
  addAsyncGenHooks,
  describeAsyncGen,
  type AddedAsyncGenHooks,
  type AnyAsyncGenerator,
  type AsyncGenSite,
} from '../runtime/index.js';

export interface KeepContextOptions {
  /**
   * The generator functions whose generators keep their context.
   * @default all
   */
  functions?: readonly Function[];
  /**
   * Of these, only those that it answers true for. It is asked once for each generator function.
   * @default all
   */
  filter?: (site: AsyncGenSite) => boolean;
}

const SUBJECT = 'context: keepAsyncContext():';

/**
 * From now on the body of a generator that is called runs in the async context of the call, whoever
 * asks for its steps, and wherever: what `AsyncLocalStorage` held there is what the body reads, its
 * `finally` blocks included. It is what TC39 has decided for `AsyncContext`; natively a body
 * goes on in the context of whoever asks for the step.
 *
 * | code                                | runs in the context of                             |
 * |-------------------------------------|----------------------------------------------------|
 * | the parameters' defaults            | the call                                           |
 * | the body, behind any `yield`        | the call                                           |
 * | what the body calls, `yield*` too   | the call, or of what the body itself runs it in    |
 * | `finally`, by a tracker as well     | the call                                           |
 * | the consumer, behind any step       | the consumer                                       |
 *
 * What `enterWith()` sets in a body holds until the body gives an item and is resumed; before Node 24, for
 * all later steps, if it is called before the first `await` of a step.
 *
 * @returns a `Disposable` with `remove()`: generators that were called before it keep their context.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown or wrong option; Error, code
 *   `ERR_ASYNCGEN_CONTEXT`, where the host has no `AsyncLocalStorage`.
 *
 * Source: https://github.com/tc39/proposal-async-context/issues/61
 */
export function keepAsyncContext(options: KeepContextOptions = {}): AddedAsyncGenHooks {
  const { functions, filter } = checkNames<KeepContextOptions>(SUBJECT, options, [
    'functions',
    'filter',
  ]);
  checkFunctions(functions);
  if (filter !== undefined && typeof filter !== 'function')
    throw optionError(SUBJECT, `option "filter" is ${show(filter)}. Pass a function.`);
  checkHost();
  const isMeant = buildTest(functions, filter);
  return addAsyncGenHooks({
    init(gen, handle) {
      // Somebody else may have kept it, and have put something in it.
      if (handle.context === undefined && isMeant(gen)) handle.context = captureContext();
    },
  });
}

/** Generators of one function have one prototype, and no other function's have. */
function buildTest(
  functions: readonly Function[] | undefined,
  filter: KeepContextOptions['filter'],
): (gen: AnyAsyncGenerator) => boolean {
  const isOfThem = (gen: AnyAsyncGenerator): boolean => {
    if (functions === undefined) return true;
    const prototype: unknown = Object.getPrototypeOf(gen);
    return functions.some((fn) => fn.prototype === prototype);
  };
  if (filter === undefined) return functions === undefined ? () => true : isOfThem;
  const answers = new WeakMap<object, boolean>();
  return (gen) => {
    if (!isOfThem(gen)) return false;
    const prototype = Object.getPrototypeOf(gen) as object;
    let answer = answers.get(prototype);
    if (answer === undefined)
      answers.set(prototype, (answer = Boolean(filter(describeAsyncGen(gen)!))));
    return answer;
  };
}

const AsyncGeneratorFunction = Object.getPrototypeOf(async function* () {}) as object;

function checkFunctions(functions: unknown): void {
  if (functions === undefined) return;
  if (!Array.isArray(functions))
    throw optionError(SUBJECT, `option "functions" is ${show(functions)}. Pass an array.`);
  for (const fn of functions as unknown[]) {
    const isGeneratorFunction =
      typeof fn === 'function' &&
      Object.prototype.isPrototypeOf.call(AsyncGeneratorFunction, fn) &&
      Object.hasOwn(fn, 'prototype');
    if (isGeneratorFunction) continue;
    throw optionError(
      SUBJECT,
      `option "functions": ${show(fn)} is no async generator function. Pass those that are compiled, and not bound.`,
    );
  }
}

function checkHost(): void {
  if (hasAsyncContext) return;
  throw Object.assign(
    new Error(
      `asyncgen-hooks/${SUBJECT} this host has no AsyncResource (process.getBuiltinModule('node:async_hooks')). ` +
        'Call it in Node, Deno or Bun.',
    ),
    { code: 'ERR_ASYNCGEN_CONTEXT' },
  );
}
