import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A server in a process of its own. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  /** All that it printed until now. */
  readonly printed: () => string;
}

/** Starts Node with `args` in a folder, and waits for the address that it prints. */
export async function startServer(cwd: string, args: string[]): Promise<Server> {
  const env = {
    ...process.env,
    NODE_OPTIONS: undefined,
    NODE_ENV: undefined,
    JEST_WORKER_ID: undefined,
    NO_COLOR: '1',
    NEXT_TELEMETRY_DISABLED: '1',
  };
  const child = spawn(process.execPath, args, { cwd, env });
  let printed = '';
  const ended = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (text: string): void => {
      printed += text;
      const [address] = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(printed) ?? [];
      if (address) resolve(address);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    void ended.then(() => reject(new Error(`The server ended.\n${printed}`)));
  });
  return {
    url,
    printed: () => printed,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}
