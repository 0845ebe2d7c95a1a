/** Runs webpack or Rspack as their command lines do: `compile.mjs <package> <config> <mode>`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [tool, file, mode] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(process.cwd(), path)));
const { default: config } = await load(file);
const { createRequire } = await import('node:module');
const pack = createRequire(join(process.cwd(), 'package.json'))(tool);
const output = { path: join(process.cwd(), 'dist'), filename: 'main.js', ...config.output };
const compiler = (pack.rspack ?? pack)({ mode, ...config, output });
compiler.run((error, stats) => {
  const { errors = [], warnings = [] } =
    stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
  for (const { message } of [...(error ? [error] : []), ...errors, ...warnings])
    console.error(message);
  compiler.close(() => process.exit(error || errors.length > 0 ? 1 : 0));
});
