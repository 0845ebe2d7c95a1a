import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { pageOf } from '../src/messages.js';
import { blocksOf, fileOf, page, pages } from './helpers/docs.js';
import { NodeProject } from './integrations/node/support/node-project.js';

const root = join(__dirname, '..');
const project = new NodeProject({ 'app.mjs': fileOf('README.md', 'app.mjs') });
afterAll(() => project[Symbol.dispose]());

describe('the README', () => {
  test('is short', () => {
    expect(Buffer.byteLength(page('README.md'))).toBeLessThanOrEqual(8000);
  });

  test('natively its program leaves the cursor open; with the command it is closed', async () => {
    expect((await project.start(['app.mjs'])).stdout).toBe('users 1\n');
    const { stdout } = await project.bin(['app.mjs']);
    expect(stdout).toBe('users 1\nthe cursor over users is closed\n');
  });

  test('its picture is what the command prints', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, 'scripts/report-picture.mjs'), '--check'],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
  });

  test('each of its three ways leaves a generator open', async () => {
    const ways = blocksOf('README.md').find(({ text }) => text.includes('Promise.race'))!.text;
    project.write({
      'ways.mjs': `async function* rows(table) {
          try {
            if (table === 'orders') await new Promise((go) => setTimeout(go, 20));
            for (let id = 1; ; id++) yield id;
          } finally {
            console.log(table);
          }
        }
        const timeout = new Promise((go) => setTimeout(go, 1));
        const stream = (() => {
          ${ways.replace('new ReadableStream', 'return new ReadableStream').replace(/^(const \{|await Promise)/gm, '// $1')}
        })();
        ${ways.split('\n\n').slice(0, 2).join('\n')}
        for await (const item of stream) if (item > 1) break;`,
    });
    expect((await project.start(['ways.mjs'])).stdout).toBe('');
    const { stderr, stdout } = await project.bin(['--json', 'ways.json', 'ways.mjs']);
    expect(stdout.trim().split('\n').sort()).toEqual(['items', 'orders', 'users']);
    expect(stderr).toMatch(/3 (?:abandoned|still open)|abandoned, \d still open/);
    expect(project.readJson('ways.json').leaks).toBe(3);
  });
});

test('each recipe prints what its page says', async () => {
  const blocks = blocksOf('recipes.md');
  const programs = blocks.filter(({ language }) => language === 'js');
  const clicks = { 'clicks.mjs': fileOf('hooks.md', 'clicks.mjs') };
  project.write(Object.assign(clicks, ...programs.map(({ file, text }) => ({ [file!]: text }))));
  const ran = await Promise.all(programs.map(({ file }) => project.register(file!)));
  const said = ran.map(({ stdout, stderr }) => stdout + stderr);
  const undated = (text: string): string => text.replace(/\d{4}-\S+Z/, '<date>');
  expect(programs.length).toBeGreaterThanOrEqual(7);
  expect(programs.map(({ file }, i) => [file, undated(said[i]!)])).toEqual(
    programs.map((program) => {
      const shown = blocks[blocks.indexOf(program) + 1]!;
      return [program.file, shown.language === 'text' ? undated(shown.text) : undefined];
    }),
  );
});

/** What GitHub makes of a heading. */
const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

test('all links lead somewhere', () => {
  const broken: string[] = [];
  const anchors = (text: string): string[] =>
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slug(heading!));
  const all = [...pages.map((name) => `docs/${name}`), 'README.md', 'CONTRIBUTING.md'];
  for (const name of all) {
    const text = readFileSync(join(root, name), 'utf8');
    for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link!)) continue;
      const [path, anchor] = link!.split('#') as [string, string?];
      const target = path === '' ? join(root, name) : join(root, dirname(name), path);
      if (!existsSync(target)) broken.push(`${name}: ${link}`);
      else if (anchor !== undefined && !anchors(readFileSync(target, 'utf8')).includes(anchor))
        broken.push(`${name}: ${link}`);
    }
  }
  expect(broken).toEqual([]);
});

test('each error has a section with its remedy, which messages name, and each section an error', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const code = files
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
    .join('\n');
  const used = new Set(code.match(/ERR_ASYNCGEN_[A-Z_]+/g));
  const told = [...page('errors.md').matchAll(/^### (ERR_ASYNCGEN_\w+)\n\n[\w`]/gm)];
  expect(told.map(([, name]) => name).sort()).toEqual([...used].sort());
  for (const name of used)
    expect(pageOf(name)).toBe(`See asyncgen-hooks/docs/errors.md#${slug(name)}`);
});

test('each page is reached from the README, by way of others', () => {
  const reached = new Set(['README.md']);
  for (const name of reached) {
    const folder = name === 'README.md' ? 'docs/' : '';
    for (const [, link] of page(name).matchAll(/\]\(([\w/-]+\.md)/g))
      if (link!.startsWith(folder)) reached.add(link!.slice(folder.length));
  }
  expect(pages.filter((name) => !reached.has(name))).toEqual([]);
});

test('the map of the house has each room', () => {
  const map = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const rooms = ['src', 'src/integrations', 'src/integrations/node'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !['integrations', 'node'].includes(entry.name))
      .map(({ name }) => `${folder}/${name}`),
  );
  expect(rooms.filter((room) => !map.includes(`\`${room}\``))).toEqual([]);
});
