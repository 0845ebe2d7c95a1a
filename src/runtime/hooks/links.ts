import { registry, type GeneratorLink } from '../registry.js';

/** The link of a generator of ours, of whichever copy of the package; `undefined` for all else. */
export function linkOf(gen: unknown): GeneratorLink | undefined {
  for (const linkOf of registry.links) {
    const link = linkOf(gen);
    if (link !== undefined) return link;
  }
  return undefined;
}
