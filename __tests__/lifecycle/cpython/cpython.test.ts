import { afterEach, describe, expect, test } from '@jest/globals';
import { clearHooks } from '../../helpers/hooks.js';
import { page } from '../../helpers/docs.js';
import { frameworks } from './frameworks.js';
import { python } from './python.js';

const rows = { ...python, ...frameworks };

afterEach(clearHooks);

describe('finalization, compared with CPython', () => {
  test.each(Object.entries(rows))('%s', (_, check) => check());

  test('the table of the docs has these rows', () => {
    const section = page('python.md')
      .split(/^#+ /m)
      .find((part) => part.startsWith('Compared with CPython'))!;
    const cells = [...section.matchAll(/^\| (.+?) +\|/gm)].map((match) =>
      match[1]!.replaceAll('`', ''),
    );
    expect(cells.slice(1).filter((cell) => !cell.startsWith('--'))).toEqual(Object.keys(rows));
  });
});
