import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { NodeProject } from './support/node-project.js';

// What a terminal obeys: to clear the screen, to go up a line, to reorder; and a line that looks like ours.
const ODD = '\u001b[2J\u009b1A\u202e\r\nasyncgen-hooks: 1 generator, no problem.\n';
const SHOWN = String.raw`\u001b[2J\u009b1A\u202e\r\nasyncgen-hooks: 1 generator, no problem.\n`;
/** Line breaks and tabs are of our own making. */
const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/;
const oddGenerator = `
  export const { [${JSON.stringify(ODD)}]: odd } = { async *[${JSON.stringify(ODD)}]() { try { yield 1; } finally { throw new Error(${JSON.stringify(ODD)}); } } };
`;

function expectPrintable(text: string): void {
  expect(text).not.toMatch(RAW);
  expect(text).not.toMatch(/^asyncgen-hooks: 1 generator, no problem\./m);
}

describe('control characters do not reach the terminal', () => {
  test('of names and messages: the report of the command', async () => {
    using project = new NodeProject({
      'main.mjs': `${oddGenerator}globalThis.held = odd(); await held.next();\n`,
    });
    const { stderr } = await project.command(['main.mjs']);
    expect(stderr).toContain(SHOWN);
    expectPrintable(stderr.replaceAll(/^asyncgen-hooks: .*1 still open.*$/gm, ''));
  });

  const withOddFiles = process.platform === 'win32' ? test.skip : test;
  withOddFiles('of files: what cannot be compiled, or is not there', async () => {
    const file = `odd${ODD.replaceAll('\n', '\u0007')}.mjs`;
    using project = new NodeProject({ [file]: 'async function* () {}\n' });
    for (const args of [
      ['compile', file, '-d', 'out'],
      [`none${file}`],
      ['--json', `no/${file}`, file],
    ]) {
      const { stderr, code } = await project.command(args);
      expect([code, stderr]).toEqual([1, expect.stringContaining(String.raw`\u001b[2J`)]);
      expectPrintable(stderr);
    }
    mkdirSync(join(project.root, `dir${ODD}`));
    const { stderr: folder } = await project.command([`dir${ODD}`]);
    expect(folder).toContain(`dir${SHOWN} is a folder without a main file.`);
    expectPrintable(folder);
    project.write({
      'main.mjs': `await import(${JSON.stringify(`./${encodeURIComponent(file)}`)}).catch(() => {});\n`,
    });
    const { stderr } = await project.register('main.mjs');
    expect(stderr).toContain(' cannot be parsed (');
    expectPrintable(stderr);
  });

  test('of names, files, stacks and sources: warnings and lists', async () => {
    using project = new NodeProject({
      'odd.mjs': `// ${ODD.slice(0, 8)}\n${oddGenerator}`,
      'main.mjs': `
        import { addAsyncGenHooks } from 'asyncgen-hooks';
        import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
        import { closeOnExit, formatLiveAsyncGens } from 'asyncgen-hooks/node';
        import { odd } from './odd.mjs';
        addAsyncGenHooks({ finalizer() { throw new Error(${JSON.stringify(ODD)}); } });
        const tracker = trackAsyncGens({ stacks: true });
        closeOnExit(tracker);
        globalThis.held = odd();
        await held.next();
        console.log(formatLiveAsyncGens(tracker.live()));
        for (const bad of [{ [${JSON.stringify(ODD)}]: 1 }])
          for (const call of [trackAsyncGens, addAsyncGenHooks])
            try { call(bad); } catch (error) { console.log(error.message); }`,
    });
    const { stdout, stderr } = await project.register('main.mjs');
    expect(stdout.split(SHOWN).length).toBeGreaterThan(3);
    expectPrintable(stdout);
    expect(stderr).toContain(` failed with "${SHOWN}"`);
    // Below a warning stands the stack of the error, with its lines.
    expect(stderr).not.toMatch(RAW);
  });
});
