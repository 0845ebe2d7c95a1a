import type { GeneratorState, Step, StepName, StepObserver } from '../registry.js';
import type { FunctionRecord } from './record.js';

/** What runs the user's code: a native generator, or what a lowering plugin made of it. */
export type Body = Record<StepName, (value?: unknown) => Step>;

/**
 * The state of one generator.
 *
 * | `life`      | the generator                                                     |
 * |-------------|-------------------------------------------------------------------|
 * | `undefined` | created: no step was taken                                        |
 * | `null`      | quiet: native body, no hook waits; a step is the body's own       |
 * | `false`     | the same, but the body is not native                              |
 * | an object   | hooked: what the hooks keep                                       |
 *
 * Two generators of one function have one hidden class, those of two functions do not; so all
 * that a step reads stands here, behind the single private field of the generator. (With three
 * private fields on the generator, eight functions in one loop ran at 1.36 times native; with
 * this, at 1.13.) `declare`, and
 * assigned in the constructor: a class field costs a call for each generator.
 */
export class State implements GeneratorState {
  declare life: StepObserver | null | false | undefined;
  declare readonly body: Body;
  declare readonly record: FunctionRecord;

  constructor(body: Body, record: FunctionRecord, life?: StepObserver | null) {
    this.life = life;
    this.body = body;
    this.record = record;
  }
}
