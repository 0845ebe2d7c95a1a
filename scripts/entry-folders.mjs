/**
 * Writes a folder for each entry of the package, with a package.json that leads to `dist`: for what reads no
 * `exports`. That is TypeScript with `moduleResolution: node10` (the default for `module: commonjs` up to TypeScript 5),
 * Parcel by default, Metro before 0.82 and browserify. They are made by the build and not committed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';

const root = new URL('../', import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

for (const [entry, conditions] of Object.entries(exports)) {
  if (entry === '.' || typeof conditions === 'string') continue;
  const lead = (file) => posix.relative(entry, file);
  const manifest = {
    main: lead(conditions.require.default),
    module: lead(conditions.import.default),
    types: lead(conditions.require.types),
  };
  mkdirSync(new URL(entry, root), { recursive: true });
  writeFileSync(
    new URL(`${entry}/package.json`, root),
    `${JSON.stringify(manifest, undefined, 2)}\n`,
  );
}
