import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs `module` (a URL) in a process of its own, which answers with one message.
 *
 * @param {object} job what the process reads with `readJob`
 * @param {string[]} [flags] for Node
 */
export async function runApart(module, job, flags = []) {
  const child = fork(module, [JSON.stringify(job)], { execArgv: flags });
  let answer;
  child.once('message', (message) => (answer = message));
  const [code, signal] = await once(child, 'exit');
  if (answer !== undefined) return answer;
  throw new Error(
    `asyncgen-hooks/benchmarks: ${JSON.stringify(job)}, its process ended with ${signal ?? code} ` +
      'before it answered. See its output above.',
  );
}

export const readJob = () => JSON.parse(process.argv[2]);

export const answer = (result) => process.send(result, () => process.disconnect());
