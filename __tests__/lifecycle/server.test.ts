import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Project } from '../environments/support/project.js';
import { compile } from '../helpers/babel.js';
import { fileOf } from '../helpers/docs.js';

const root = join(__dirname, '../..');

const rows = `export const closed = [];
export async function* rows(url) {
  try {
    for (let id = 1; id <= 50; id++) {
      await new Promise(setImmediate);
      yield url + ' ' + id + '\\n';
    }
  } finally {
    closed.push(url);
  }
}
`;

/** Two requests at the same time, one of which leaves early. */
const main = `import { get } from 'node:http';
import { once } from 'node:events';
import { closed } from './rows.js';
import { server } from './server.js';

async function read(path, isToLeave) {
  let text = '';
  const request = get({ port: server.address().port, path, agent: false });
  const [response] = await once(request, 'response');
  response.on('error', () => {}).setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    if (isToLeave) response.destroy();
  });
  await once(response, 'close');
  return text.split('\\n').length - 1;
}
server.listen(0);
await once(server, 'listening');
const [, whole] = await Promise.all([read('/a', true), read('/b', false)]);
while (closed.length < 2) await new Promise(setImmediate);
console.log(whole, closed.sort().join());
server.close();
`;

const project = new Project({
  'package.json': '{ "type": "module" }',
  'rows.js': compile(rows, { filename: '/project/rows.js', plugins: ['asyncgen-hooks/babel'] }),
  'server.js': fileOf('lifecycle.md', 'server.js'),
  'main.js': main,
});
afterAll(() => project[Symbol.dispose]());

test('the server of the docs: of two requests at the same time, one leaves, the other has all its rows', async () => {
  const { stdout } = await project.run('main.js');
  expect(stdout).toBe('50 /a,/b\n');
});

describe('50 requests at the same time', () => {
  /** The numbers of the script, and what it ends with. */
  const load = async (...more: string[]): Promise<{ code: number; stdout: string }> => {
    const script = join(root, 'scripts/server.mjs');
    const args = ['--expose-gc', script, '--seconds', '1', '--requests', '50', ...more];
    return new Promise((resolve) => {
      execFile(process.execPath, args, { cwd: root }, (error, stdout) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout }),
      );
    });
  };
  const numberOf = (what: string, stdout: string): number =>
    Number(new RegExp(`(\\d+) ${what}`).exec(stdout)![1]);

  test('each scope closes its own, and no other', async () => {
    const { stdout } = await load();
    // One round of the 50, at least.
    expect(numberOf('requests, 50 at the same time', stdout)).toBeGreaterThanOrEqual(50);
    expect(stdout).toMatch(/ 0 closed by a foreign scope, 0 requests with something open after/);
  });

  test('the control: what another scope closes is counted', async () => {
    const { code, stdout } = await load('--wrong');
    expect(numberOf('closed by a foreign scope', stdout)).toBeGreaterThan(0);
    expect(code).toBe(1);
  });
});
