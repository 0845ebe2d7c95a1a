import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Block {
  /** The name that stands above it. */
  readonly file: string | undefined;
  readonly language: string;
  readonly text: string;
}

const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');

export const readmeSection = (heading: string): string =>
  readme.split(/^## /m).find((part) => part.startsWith(heading))!;

/** The fenced blocks below a heading of the README. */
export function readmeBlocks(heading: string): Block[] {
  return [...readmeSection(heading).matchAll(/(?:^`([^`\n]+)`\n\n)?```(\w+)\n(.*?)```/gms)].map(
    (match) => ({
      file: match[1],
      language: match[2]!,
      text: match[3]!,
    }),
  );
}

/** What the README has, below a heading, under the name of a file. */
export function readmeFile(heading: string, file: string): string {
  const found = readmeBlocks(heading).find((block) => block.file === file);
  if (found === undefined) throw new Error(`README.md: no snippet for ${file}.`);
  return found.text;
}
