import { describe, expect, test } from '@jest/globals';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';

describe('what may have been meant by an option', () => {
  const messageFor = (name: string): string => {
    try {
      trackAsyncGens({ [name]: 1 })[Symbol.dispose]();
      return 'no error';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const unknown = (name: string): string =>
    `asyncgen-hooks/lifecycle: option "${name}", there is none of that name.`;
  const all = 'The options are created, stacks, onAbandoned, afterShutdown, now.';

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
