import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Block {
  /** The name that stands above it. */
  readonly file: string | undefined;
  readonly language: string;
  readonly text: string;
}

const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');

/** The fenced blocks below a heading of the README. */
export function readmeBlocks(heading: string): Block[] {
  const section = readme.split(/^## /m).find((part) => part.startsWith(heading))!;
  return [...section.matchAll(/(?:^`([^`\n]+)`\n\n)?```(\w+)\n(.*?)```/gms)].map((match) => ({
    file: match[1],
    language: match[2]!,
    text: match[3]!,
  }));
}
