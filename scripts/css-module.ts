import { readFileSync } from 'node:fs';
import type { Plugin } from 'rolldown';

/** What tsdown takes for a style sheet it refuses without a package of its own. */
const SUFFIX = '.text.js';

/** Makes a module of a style sheet, whose default export is its text. */
export const cssAsModule = (): Plugin => ({
  name: 'css-as-module',
  resolveId: {
    order: 'pre',
    filter: { id: /\.css$/ },
    async handler(source, importer) {
      const found = await this.resolve(source, importer, { skipSelf: true });
      return found && found.id + SUFFIX;
    },
  },
  load: {
    filter: { id: /\.css\.text\.js$/ },
    handler(id) {
      const text = readFileSync(id.slice(0, -SUFFIX.length), 'utf8').replace(/\s*\n\s*/g, '');
      return `export default ${JSON.stringify(text)};`;
    },
  },
});
