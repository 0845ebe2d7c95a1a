import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';
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

test('50 requests at the same time: each scope closes its own, and no other', async () => {
  const script = join(root, 'scripts/server.mjs');
  const args = ['--expose-gc', script, '--seconds', '1', '--requests', '50'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  // One round of the 50, at least.
  expect(Number(/(\d+) requests, 50 at the same time/.exec(stdout)![1])).toBeGreaterThanOrEqual(50);
  expect(stdout).toMatch(/ 0 closed by a foreign scope, 0 requests with something open after/);
});
