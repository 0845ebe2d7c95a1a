/** Prints the tree of each text that it gets, by the capture plugin: a process of its own, whose standard error is read. */
import { readFileSync } from 'node:fs';
import { openSwc } from '../../scripts/swc.mjs';

const { plugin, compiler, texts } = JSON.parse(readFileSync(0, 'utf8'));
const swc = openSwc(compiler);
for (const { code, isModule, isTypeScript } of texts) {
  const parser = isTypeScript
    ? { syntax: 'typescript', decorators: true }
    : { syntax: 'ecmascript', jsx: true, decorators: true };
  try {
    swc(code, { name: 'program.js', isModule, plugins: [[plugin, {}]], parser });
  } catch (error) {
    if (!error.isSyntaxError) throw error;
  }
}
