import module from 'node:module';

const PRELOAD = {
  bun: 'bun --preload asyncgen-hooks/bun app.ts',
  deno: 'deno run -A --preload ./node_modules/asyncgen-hooks/dist/register.mjs app.ts',
};

const NAMES = { bun: 'Bun', deno: 'Deno' };

const runtime = (['bun', 'deno'] as const).find((name) => name in process.versions);

/** Why the command cannot run a program here; `undefined` in Node. */
export const whyNoCommand =
  runtime &&
  `the command runs programs with Node, and this is ${NAMES[runtime]}. Use the hooks: ${PRELOAD[runtime]}`;

/** Why nothing is compiled as it is loaded here; `undefined` where it is. */
export const whyNotLoaded =
  runtime === 'bun' || (runtime === 'deno' && !('registerHooks' in module))
    ? `${NAMES[runtime]} lets nobody see what it loads by the hooks of Node, and no hook sees its async generators. ` +
      (runtime === 'bun' ? `Use ${PRELOAD.bun}` : 'Update Deno, or use asyncgen-hooks compile')
    : undefined;
