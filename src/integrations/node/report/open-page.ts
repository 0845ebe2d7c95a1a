import { spawn } from 'node:child_process';
import { printable } from '../../../messages.js';

/**
 * By the program that the system has for it; `BROWSER` names another one.
 * @param tell called if there is none.
 */
export function openPage(url: string, tell: (text: string) => void): void {
  const [command, args] = commandOf(url);
  // The browser is no process of the program's, and is not watched.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(command, args, { detached: true, stdio: 'ignore', env });
  child.on('error', () => {});
  child.unref();
  // The error itself comes later, and the process may be about to end.
  if (child.pid === undefined)
    tell(
      `asyncgen-hooks: Cannot start ${printable(command)} for --open. Set BROWSER to a program that shows pages, or open it by hand: ${url}\n`,
    );
}

function commandOf(url: string): [command: string, args: string[]] {
  const { BROWSER } = process.env;
  if (BROWSER) return [BROWSER, [url]];
  if (process.platform === 'darwin') return ['open', [url]];
  // There, `&` of an address would end a command of `cmd`.
  if (process.platform === 'win32') return ['explorer.exe', [url]];
  return ['xdg-open', [url]];
}
