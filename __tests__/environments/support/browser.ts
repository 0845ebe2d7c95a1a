import { existsSync } from 'node:fs';
import { test } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const isSkipped = !existsSync(executablePath) && !process.env.CI;

if (isSkipped) {
  console.warn(
    `environments: ${executablePath}, there is no such browser, and its tests are skipped. ` +
      'Install Chromium, or set CHROMIUM_PATH.',
  );
}

/** Skips where there is no browser; in CI the test fails then. */
export const browserTest: (name: string, run: () => Promise<void>) => void = isSkipped
  ? test.skip
  : test;

const ARGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run ' +
  '--disable-background-networking --disable-component-update --disable-sync --js-flags=--expose-gc';

/** Starts Chromium with a user data folder that is new and of its own. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ARGS.split(' ') });

interface PageResult {
  /** The first line on the console, which has to be JSON. */
  readonly printed: unknown;
  /** Messages of what `window` heard as errors until then. */
  readonly errors: string[];
}

/** Runs `content` in an empty page. */
export async function runInPage(
  browser: Browser,
  content: string,
  type: 'module' | 'text/javascript',
): Promise<PageResult> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  try {
    const [line] = await Promise.all([
      page.waitForEvent('console', { timeout: 240_000 }),
      page.addScriptTag({ content, type }),
    ]);
    return { printed: JSON.parse(line.text()), errors };
  } catch (cause) {
    throw new Error(`The page printed no record.\n${errors.join('\n')}`, { cause });
  } finally {
    await page.close();
  }
}
