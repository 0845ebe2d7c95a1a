import { expect, test } from '@jest/globals';
import { NodeProject } from '../integrations/node/support/node-project.js';

/**
 * What an attacker's JSON may put on `Object.prototype`: the names of all that is read from an object
 * of the user, or from a record of ours.
 */
const pollute = `
  const evil = './evil.cjs';
  const hook = () => { throw new Error('a hook of Object.prototype'); };
  const names = {
    firstiter: hook, iter: hook, finalizer: hook, init: hook, resume: hook, slot: { iter: hook }, step: hook,
    inForce: { iter: [hook] }, done: 1, aborted: true, direct: true,
    created: 1, stacks: 1, onAbandoned: 1, afterShutdown: 1, now: 1, timeout: -1, concurrency: -1,
    signals: 1, codeFrames: 1,
    importSource: evil, locations: 1, include: 1, exclude: 1, cache: 1,
    plugins: [evil], presets: [evil], extends: evil, overrides: [{ plugins: [evil] }],
    type: 'x', bin: { tool: 'evil.cjs' }, 'asyncgen-hooks': { importSource: evil },
    isMainThread: false, isCutOff: true,
  };
  for (const [name, value] of Object.entries(names))
    Object.defineProperty(Object.prototype, name, { value, writable: true, configurable: true });
`;
const evil = "console.log('evil');\nmodule.exports = () => ({ visitor: {} });\n";
const use = `
  async function* items() { try { yield 1; yield 2; } finally { console.log('closed'); } }
  (async () => {
    for await (const item of items()) console.log(item);
    const open = items();
    await open.next();
    globalThis.open = open;
    if (globalThis.tracker) console.log((await tracker.shutdown()).closed.length);
    else await open.return();
  })();
`;
const expected = '1\n2\nclosed\nclosed\n';

test('a polluted Object.prototype gives no hook and no option', async () => {
  using project = new NodeProject({
    'evil.cjs': evil,
    'pollute.cjs': pollute,
    'package.json': {},
    'main.cjs': `
      const { addAsyncGenHooks, getAsyncGenHooks, setAsyncGenHooks } = require('asyncgen-hooks');
      const { trackAsyncGens } = require('asyncgen-hooks/lifecycle');
      const { closeOnExit, formatLiveAsyncGens } = require('asyncgen-hooks/node');
      addAsyncGenHooks({});
      setAsyncGenHooks(getAsyncGenHooks());
      globalThis.tracker = trackAsyncGens({});
      closeOnExit(tracker, {});
      formatLiveAsyncGens(tracker.live({}), {});
      ${use}`,
    'quiet.cjs': use,
  });
  for (const options of [{}, { 'asyncgen-hooks.config.json': {} }]) {
    project.write(options);
    const flags = ['--require', './pollute.cjs', '--require', 'asyncgen-hooks/register'];
    expect(await project.start([...flags, 'main.cjs'])).toMatchObject({
      stdout: `${expected}1\n`,
      stderr: '',
      code: 0,
    });
    expect(await project.start([...flags, 'quiet.cjs'])).toMatchObject({
      stdout: expected,
      stderr: '',
    });
  }
});

test('nor under the command', async () => {
  using project = new NodeProject({
    'evil.cjs': evil,
    'pollute.cjs': pollute,
    'package.json': {},
    'quiet.cjs': use,
  });
  const end = await project.command(['quiet.cjs'], { flags: ['--require', './pollute.cjs'] });
  expect(end).toMatchObject({ stdout: expected, code: 0 });
  expect(end.stderr).toContain('2 generators, no problem.');
});

test('hooks of a class are hooks', async () => {
  using project = new NodeProject({
    'main.cjs': `
      const { addAsyncGenHooks } = require('asyncgen-hooks');
      class Doubled { iter(gen, value) { return 2 * value; } }
      addAsyncGenHooks(new (class extends Doubled {})());
      (async () => { for await (const item of items()) console.log(item); })();
      async function* items() { yield 1; }`,
  });
  expect(await project.register('main.cjs')).toMatchObject({ stdout: '2\n', code: 0 });
});
