const { default: Sequencer } = require('@jest/test-sequencer');

/** What takes longest starts first: one that comes last keeps one processor busy and leaves the others idle. */
const SLOW = [
  'bundlers/next',
  'fuzz',
  '__tests__/fixtures',
  'environments/node',
  'engine/fixtures',
  'bundlers/setups',
  'bundlers/builds',
  'runners/vitest',
  'runners/jest',
].map((name) => `${name}.test.ts`);

const rank = ({ path }) => {
  const at = SLOW.findIndex((name) => path.replaceAll('\\', '/').endsWith(name));
  return at < 0 ? SLOW.length : at;
};

module.exports = class extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
};
