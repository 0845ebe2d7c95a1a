/** Compiles with the SWC plugin, for the commands that prove it: fuzz, test262, corpus. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const versions = join(root, '__tests__/swc-versions');
const wasm = join(root, 'swc/asyncgen_hooks.wasm');

/** What `--compiler` takes beside `babel`: the newest SWC of each generation of its tree. */
export const SWC = { swc: 'core-1.16.22', 'swc-1.15': 'core-1.15.47' };

const own = (hooked) => [wasm, hooked === true ? {} : hooked];

/** @returns what is missing here and how to get it, or nothing. */
export function findMissingForSwc() {
  if (!existsSync(wasm)) return 'the plugin is not built. Call "npm run build:swc".';
  if (!existsSync(join(versions, 'node_modules')))
    return 'no SWC is installed for it. Call "node scripts/install-packages.mjs __tests__/swc-versions".';
  return undefined;
}

/**
 * A function `(code, { name, isModule, hooked, plugins, parser, ...jsc })` that compiles as `compiler` and gives the code, with
 * our plugin if `hooked` (which may be its options), and with those that are given. It throws
 * what SWC does, with `isSyntaxError` where SWC does not parse the text.
 */
export function openSwc(compiler) {
  const swc = createRequire(join(versions, 'package.json'))(SWC[compiler]);
  const cacheRoot = join(root, 'node_modules/.cache/swc');
  return (
    code,
    { name, isModule, hooked, plugins = [], parser = { syntax: 'ecmascript' }, ...jsc },
  ) => {
    try {
      return swc.transformSync(code, {
        swcrc: false,
        configFile: false,
        filename: name,
        isModule,
        jsc: {
          target: 'esnext',
          parser,
          ...jsc,
          experimental: { plugins: hooked ? [own(hooked), ...plugins] : plugins, cacheRoot },
        },
      }).code;
    } catch (error) {
      error.isSyntaxError = /Syntax Error|x Expected|error was recoverable/i.test(error.message);
      throw error;
    }
  };
}
