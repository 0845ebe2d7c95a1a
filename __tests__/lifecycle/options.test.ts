import { describe, expect, test } from '@jest/globals';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
import { formatLiveAsyncGens } from 'asyncgen-hooks/node';
import { make } from '../helpers/generators.js';

describe('what may have been meant by an option', () => {
  const messageFor = (name: string): string => {
    try {
      trackAsyncGens({ [name]: 1 })[Symbol.dispose]();
      return 'no error';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const unknown = (name: string): string => `asyncgen-hooks/lifecycle: Unknown option "${name}".`;
  const all =
    'The options are created, stacks, context, collectAfter, warnAfter, onAbandoned, afterShutdown, now.';

  test.each([
    ['stack', 'stacks'],
    ['craeted', 'created'],
    ['onabandond', 'onAbandoned'],
    ['aftershutdow', 'afterShutdown'],
  ])('%s is near to %s', (name, meant) => {
    expect(messageFor(name)).toBe(`${unknown(name)} Did you mean "${meant}"? ${all}`);
  });

  test.each(['foo', 'x', '', 'timeout', 'beforeShutdownOf'])('"%s" is near to none', (name) => {
    expect(messageFor(name)).toBe(`${unknown(name)} ${all}`);
  });
});

describe('what is no options, or not one of them, is refused', () => {
  const refusal = (message: string): unknown =>
    expect.objectContaining({
      name: 'TypeError',
      code: 'ERR_ASYNCGEN_OPTION',
      message: expect.stringContaining(`asyncgen-hooks/${message}`),
    });

  test.each<[unknown, string]>([
    [[], 'the options are an array. Pass an object.'],
    [null, 'the options are null. Pass an object.'],
    ['created', 'the options are "created". Pass an object.'],
    [{ toString: 1 }, 'Unknown option "toString". The options are created,'],
    [{ now: Object.create(null) }, 'option "now" is an object. Pass a function.'],
  ])('trackAsyncGens(%p)', (options, message) => {
    expect(() => trackAsyncGens(options as never)).toThrow(refusal(`lifecycle: ${message}`));
  });

  test.each<[unknown, string]>([
    [null, 'the options are null. Pass an object.'],
    [[], 'the options are an array. Pass an object.'],
    [
      { craeted: true },
      'Unknown option "craeted". Did you mean "created"? The options are created, scopes.',
    ],
    [{ created: 1 }, 'option "created" is 1. Pass true or false.'],
  ])('live(%p)', (options, message) => {
    using tracker = trackAsyncGens({ created: true });
    expect(() => tracker.live(options as never)).toThrow(refusal(`lifecycle: live(): ${message}`));
  });

  test.each<[unknown, string]>([
    [null, 'the options are null. Pass an object.'],
    [5, 'the options are 5. Pass an object.'],
    [() => {}, 'the options are a function. Pass an object.'],
    [
      { timout: 1 },
      'Unknown option "timout". Did you mean "timeout"? The options are timeout, totalTimeout, concurrency, scopes.',
    ],
    [{ timeout: Symbol('soon') }, 'timeout is Symbol(soon). Pass a number above 0.'],
  ])('shutdown(%p), and nothing is closed', async (options, message) => {
    using tracker = trackAsyncGens();
    const gen = make()(1, 2);
    await gen.next();
    await expect(tracker.shutdown(options as never)).rejects.toEqual(
      refusal(`lifecycle: shutdown(): ${message}`),
    );
    expect(await gen.next()).toEqual({ value: 2, done: false });
  });

  test.each<[unknown[], string]>([
    [[], 'the list is undefined. Pass an array, such as tracker.live() gives.'],
    [[{}], 'the list is an object. Pass an array, such as tracker.live() gives.'],
    [[[], null], 'the options are null. Pass an object.'],
    [[[], '/project'], 'the options are "/project". Pass an object.'],
    [
      [[], { codeFrame: false }],
      'Unknown option "codeFrame". Did you mean "codeFrames"? The options are cwd, codeFrames.',
    ],
    [[[], { codeFrames: 'no' }], 'option "codeFrames" is "no". Pass true or false.'],
    [[[], { cwd: 1 }], 'option "cwd" is 1. Pass the path of a folder.'],
  ])('formatLiveAsyncGens(...%p)', (args, message) => {
    expect(() => (formatLiveAsyncGens as Function)(...args)).toThrow(
      refusal(`node: formatLiveAsyncGens(): ${message}`),
    );
  });
});
