const { createRequire } = require('node:module');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

const RUNTIME = Symbol.for('asyncgen-hooks/1');

module.exports = class extends TestEnvironment {
  /** Lets tests load Babel outside of Jest's sandbox: Babel 8 is ESM, which its `require` refuses. */
  async setup() {
    await super.setup();
    this.global.createNodeRequire = createRequire;
  }

  /**
   * Has the registries of the realm run while it lives. V8 before Node 26 never runs another one in its process if one
   * dies between the collection that found something for it and its task (lifecycle/abandoned.test.ts shows it).
   */
  async teardown() {
    if (this.global[RUNTIME] !== undefined) {
      setFlagsFromString('--expose-gc');
      runInNewContext('gc')();
      for (let i = 0; i < 4; i++) await new Promise(setImmediate);
    }
    await super.teardown();
  }
};
