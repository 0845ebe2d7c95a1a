const { createRequire } = require('node:module');
const { TestEnvironment } = require('jest-environment-node');

/** Lets tests load Babel outside of Jest's sandbox: Babel 8 is ESM, which its `require` refuses. */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.createNodeRequire = createRequire;
  }
};
