import { afterAll, describe, expect, test } from '@jest/globals';
import { NodeProject } from './support/node-project.js';

const program = `async function* rows(n) {
  yield n;
  await new Promise(() => {});
}
const held = (globalThis.held = [rows(1), rows(2)]);
for (const gen of held) await gen.next();
held[1].next();
process.once('SIGUSR2', () => setImmediate(() => { console.log('heard'); process.exit(); }));
process.kill(process.pid, 'SIGUSR2');
await new Promise((go) => setTimeout(go, 60_000));
`;
const project = new NodeProject({ 'app.mjs': program });
afterAll(() => project[Symbol.dispose]());

const describeSignals = process.platform === 'win32' ? describe.skip : describe;
describeSignals('--signal', () => {
  test('prints what is open, and the program goes on', async () => {
    const { stdout, stderr } = await project.bin(['--signal', 'SIGUSR2', 'app.mjs']);
    expect(stdout).toBe('heard\n');
    const [open] = stderr.split('\n\n1 function')[0]!.split('open in process');
    expect(open!.replace(/\d+ ms/g, 'N ms')).toBe(`
2 still open  rows  app.mjs:1
  1 open, parked at app.mjs:2 for N ms
  first iterated at app.mjs:6:35
  1 in a step that is still pending for N ms
  first iterated at app.mjs:6:35
    1 | async function* rows(n) {
  > 2 |   yield n;
    3 |   await new Promise(() => {});
    4 | }

asyncgen-hooks: 2 generators `);
  });

  test('sent to the command, it is the program that prints', async () => {
    project.write({
      'child.mjs': `${program.replace("process.kill(process.pid, 'SIGUSR2');", "console.log('ready');")}`,
    });
    const { stdout, stderr } = await project.bin(['--signal', 'SIGUSR2', 'node', 'child.mjs'], {
      onLine: (line, child) => void (line === 'ready' && child.kill('SIGUSR2')),
    });
    expect(stdout).toBe('ready\nheard\n');
    expect(stderr.match(/\d+ generators? open in process/g)).toEqual([
      '2 generators open in process',
    ]);
  });

  test.each(['SIGKILL', 'SIGNOTHING', ''])('%j is refused', async (name) => {
    const { code, stdout, stderr } = await project.bin(['--signal', name, 'app.mjs']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      `--signal "${name}" is no signal to listen for. Name one such as SIGUSR2.`,
    );
  });
});
