import { spawn } from 'node:child_process';
import { warn } from '../../../messages.js';

/** By the program that the system has for it; `BROWSER` names another one. */
export function openPage(url: string): void {
  const [command, args] = commandOf(url);
  // The browser is no process of the program's, and is not watched.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(command, args, { detached: true, stdio: 'ignore', env });
  child.on('error', () =>
    warn(
      `asyncgen-hooks/node: --open, ${command} cannot be started. Open the page by hand: ${url}`,
      'ERR_ASYNCGEN_BROWSER',
    ),
  );
  child.unref();
}

function commandOf(url: string): [command: string, args: string[]] {
  const { BROWSER } = process.env;
  if (BROWSER) return [BROWSER, [url]];
  if (process.platform === 'darwin') return ['open', [url]];
  // There, `&` of an address would end a command of `cmd`.
  if (process.platform === 'win32') return ['explorer.exe', [url]];
  return ['xdg-open', [url]];
}
