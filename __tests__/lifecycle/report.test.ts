import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
import { formatLiveAsyncGens } from 'asyncgen-hooks/node';
import { compileHooked } from '../helpers/babel.js';
import { run } from '../helpers/run.js';

const source = `module.exports = {
  async *rows(table) {
    yield table;
  },
};
`;

test('the report shows site, state and source; without the file it shows the rest', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'asyncgen-hooks-'));
  const filename = join(cwd, 'rows.js');
  writeFileSync(filename, source);
  const tracker = trackAsyncGens({ created: true, now: () => Date.UTC(2026, 0, 2, 3, 4, 5) });
  try {
    const { rows } = run(compileHooked(source, { cwd, filename, sourceType: 'script' }));
    const [begun, created] = [rows('a'), rows('b')];
    await begun.next();
    const live = tracker.live({ created: true });
    expect(created).toBeDefined();
    const frame = [
      '  1 | module.exports = {',
      '> 2 |   async *rows(table) {',
      '    |   ^',
      '  3 |     yield table;',
      '  4 |   },',
    ].join('\n');
    const [first, second] = [
      'rows (rows.js:2:3)\n  suspended, 1 item, begun 2026-01-02T03:04:05.000Z',
      'rows (rows.js:2:3)\n  created, 0 items, called 2026-01-02T03:04:05.000Z',
    ];
    expect(formatLiveAsyncGens(live, { cwd })).toBe(
      `2 live async generators:\n\n${first}\n${frame}\n\n${second}\n${frame}\n`,
    );
    const bare = `2 live async generators:\n\n${first}\n\n${second}\n`;
    expect(formatLiveAsyncGens(live, { cwd, codeFrames: false })).toBe(bare);
    expect(formatLiveAsyncGens(live, { cwd: join(cwd, 'elsewhere') })).toBe(bare);
    expect(formatLiveAsyncGens([])).toBe('No async generator is live.\n');
    await tracker.shutdown();
  } finally {
    tracker[Symbol.dispose]();
    rmSync(cwd, { recursive: true });
  }
});
