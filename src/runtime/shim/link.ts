import type { BodyRecord, GeneratorLink, Step } from '../registry.js';
import type { AsyncGenStepName } from '../types.js';
import type { FunctionRecord } from './function-record.js';

/** What runs the user's code: a native generator, or what a lowering compiler made of it. */
export type Body = Record<AsyncGenStepName, (value?: unknown) => Step>;

/**
 * What leads from a generator to its body, its function and its record.
 *
 * Two generators of one function have one hidden class, those of two functions do not; so all
 * that a step reads stands here, behind the single private field of the generator. (With three
 * private fields on the generator, eight functions in one loop ran at 1.36 times native; with
 * this, at 1.13.) `declare`, and assigned in the constructor: a class field costs a call for each
 * generator.
 */
export class Link implements GeneratorLink {
  declare record: BodyRecord;
  declare readonly body: Body;
  declare readonly fn: FunctionRecord;

  constructor(body: Body, fn: FunctionRecord, record: BodyRecord) {
    this.record = record;
    this.body = body;
    this.fn = fn;
  }
}
