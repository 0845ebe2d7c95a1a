/** A preset of Jest's: the transformer and the setup in one line. */
import { fileURLToPath } from 'node:url';
import { startRun } from './run.js';

startRun();

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export const setupFilesAfterEnv: string[] = [here('./jest/build/setup.cjs')];
export const transform: Record<string, string> = {
  '\\.[cm]?[jt]sx?$': here('./jest-transform.cjs'),
};
