import { runInTest, type Test } from './current.js';

type Fn = (this: unknown, ...args: unknown[]) => unknown;

/** The test that a call belongs to, given what the function gets as `this`. */
type TestOf = (self: unknown) => Test;

const isGenerator = (fn: Fn): boolean =>
  Object.prototype.toString.call(fn) === '[object GeneratorFunction]';

const call = Reflect.apply as (fn: Fn, self: unknown, args: unknown[]) => unknown;

/** The same function for a runner, which looks at its length and its kind; its calls run in the context of
 * a test, below one frame of ours. */
export function wrap(fn: Fn, testOf: TestOf): Fn {
  const wrapped: Fn = isGenerator(fn)
    ? function* (this: unknown, ...args) {
        const test = testOf(this);
        const run = <Result>(work: () => Result): Result => runInTest(test, work);
        const body = run(() => fn.apply(this, args)) as Generator;
        let step = run(() => body.next());
        while (!step.done) {
          try {
            const sent: unknown = yield step.value;
            step = run(() => body.next(sent));
          } catch (error) {
            step = run(() => body.throw(error));
          }
        }
        return step.value as unknown;
      }
    : function (this: unknown, ...args) {
        return runInTest(testOf(this), call, fn, this, args);
      };
  for (const name of ['name', 'length'] as const)
    Object.defineProperty(wrapped, name, {
      __proto__: null,
      value: fn[name],
      configurable: true,
    } as PropertyDescriptor);
  return wrapped;
}
