import { describe, expect, test } from '@jest/globals';
import { printed, record, recordWithWords } from './support/expected.js';
import { appFor, tools } from './support/tools.js';

describe.each(Object.entries(tools))('%s, with the snippet of the docs', (_, tool) => {
  test.each(['development', 'production'] as const)(
    'builds a %s bundle whose hooks see every generator, with maps to its lines',
    async (mode) => {
      using app = appFor(tool);
      const { stderr } = await app.build(...tool[mode]);
      // Rspack 2.2 says this of itself when it ends.
      expect(stderr.replace(/^ObjectRef is not unref.*\n/gm, '')).toBe('');
      const told = await app.runBuilt();
      expect(told).toEqual({
        printed,
        record,
        words: 'not hooked',
        stack: expect.stringMatching(/^Error: told\n[^\n]*\bsrc\/fail\.ts:5:(?:9|13)\b/),
      });
      expect(/\n\s{2}|\n\t/.test(app.read('dist/main.js'))).toBe(mode === 'development');
    },
  );

  test('hooks a dependency where no exclude keeps it out', async () => {
    using app = appFor(tool, '{ exclude: [] }');
    // By default Vite leaves dependencies of a server outside of its build.
    const inside =
      tool === tools.vite
        ? {
            'vite.config.js': `${app.read('vite.config.js').replace('plugins:', "ssr: { noExternal: ['words'] },\n  plugins:")}`,
          }
        : {};
    app.write(inside);
    await app.build(...tool.development);
    expect(await app.runBuilt()).toMatchObject({
      printed,
      record: recordWithWords,
      words: 'node_modules/words/index.js:1:7',
    });
  });
});
