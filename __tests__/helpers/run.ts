import { expect } from '@jest/globals';

/** Runs `code` as a CommonJS module in the realm of the test and returns its exports. */
export function run(code: string, globals: Record<string, unknown> = {}): any {
  const module = { exports: {} as Record<string, any> };
  const scope: Record<string, unknown> = {
    module,
    exports: module.exports,
    require: (name: string) => require(name),
    expect,
    ...globals,
  };
  const fn = new Function(...Object.keys(scope), `${code}\n//# sourceURL=/project/run.js`);
  fn(...Object.values(scope));
  return module.exports;
}
