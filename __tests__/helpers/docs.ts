import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Block {
  /** The name that stands above it. */
  readonly file: string | undefined;
  readonly language: string;
  readonly text: string;
}

const root = join(__dirname, '../..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');

/** The names of the pages in `docs`. */
export const pages: readonly string[] = readdirSync(join(root, 'docs')).filter((name) =>
  name.endsWith('.md'),
);

/** A page of `docs`, or the README, whole. */
export const page = (name: string): string =>
  name === 'README.md' ? read(name) : read('docs', name);

/** The fenced blocks of a page. */
export function blocksOf(name: string): Block[] {
  return [...page(name).matchAll(/(?:^`([^`\n]+)`\n\n)?```(\w+)\n(.*?)```/gms)].map((match) => ({
    file: match[1],
    language: match[2]!,
    text: match[3]!,
  }));
}

/** What a page has under the name of a file. */
export function fileOf(name: string, file: string): string {
  const found = blocksOf(name).find((block) => block.file === file);
  if (found === undefined) throw new Error(`${name}: no snippet for ${file}.`);
  return found.text;
}
