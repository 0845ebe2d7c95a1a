/**
 * The oldest bundlers that the plugin works with. The peer ranges in package.json are all `*`: with a bound, npm
 * refuses to install the package beside an older bundler that it is not meant for, and beside any
 * pre-release of a newer one.
 */
const OLDEST = {
  Rollup: { version: [2, 78], remedy: 'Update Rollup to 2.78 or newer, or Vite to 3.1 or newer.' },
  webpack: { version: [5, 72], remedy: 'Update webpack to 5.72 or newer.' },
  Rspack: { version: [1, 0], remedy: 'Update @rspack/core to 1.0 or newer.' },
} as const;

/**
 * Tells of a bundler that is too old, before it trips over the plugin.
 * @param version as the bundler tells it; `undefined` for one that is too old to tell.
 * @throws Error, code `ERR_ASYNCGEN_PEER`.
 */
export function checkVersion(tool: keyof typeof OLDEST, version: string | undefined): void {
  const { version: oldest, remedy } = OLDEST[tool];
  const [major = 0, minor = 0] = (version ?? '').split('.').map((part) => parseInt(part, 10));
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  const which = version === undefined ? `the version of ${tool}` : `${tool} ${version}`;
  throw Object.assign(
    new Error(`asyncgen-hooks/bundlers: ${which} is too old for this plugin. ${remedy}`),
    { code: 'ERR_ASYNCGEN_PEER' },
  );
}
