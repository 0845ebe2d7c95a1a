import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginItem, TransformOptions } from '@babel/core';

/**
 * `fixtures/<feature>/<case>/`, after Babel's own convention:
 *
 * - `input.*` and `output.js`: what the plugin makes of a file. A missing output is written.
 * - `exec.js`, `exec.mjs`, `exec.ts`, ...: a program that throws where its claim is false; if it
 *   exports a function, that is called. It runs as it stands and hooked, with and without hooks in
 *   force, and lowered.
 * - `options.json`: `plugins` and `presets` for Babel; `lowered: false` where Babel's own lowering
 *   cannot do what the case claims, with `why`; `loweredBehindEngine: false` where it only cannot do
 *   so with what the engine writes.
 */
export const root = join(__dirname, '../../fixtures');

export interface CaseOptions extends Omit<TransformOptions, 'plugins' | 'presets'> {
  plugins?: PluginItem[];
  presets?: PluginItem[];
  lowered?: boolean;
  loweredBehindEngine?: boolean;
  why?: string;
}

export const list = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

export function optionsFor(folder: string, file: string) {
  const path = join(folder, 'options.json');
  const { why: _, ...rest }: CaseOptions = existsSync(path)
    ? JSON.parse(readFileSync(path, 'utf8'))
    : {};
  const byExtension = /\.tsx?$/.test(file) && !rest.presets ? ['@babel/preset-typescript'] : [];
  return {
    sourceType: /\.(js|cjs)$/.test(file) ? 'script' : 'module',
    filename: `/project/src/${file}`,
    ...rest,
    plugins: rest.plugins ?? [],
    presets: [...byExtension, ...(rest.presets ?? [])],
  };
}

/** Remembers what `work` gave for the same arguments: a case is compiled once for all that it runs under. */
export function remember<Args extends unknown[], T>(work: (...args: Args) => T) {
  const results = new Map<string, T>();
  return (...args: Args): T => {
    const key = JSON.stringify(args);
    if (!results.has(key)) results.set(key, work(...args));
    return results.get(key)!;
  };
}

/** Hooks that change nothing. */
export const passThrough = {
  init: () => {},
  firstiter: () => {},
  iter: (_: unknown, value: unknown) => value,
  finalizer: () => {},
};
export const resume = (_: unknown, step: () => unknown): unknown => step();
export const none = { init: null, firstiter: null, iter: null, finalizer: null, resume: null };
