import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';

let port;

export const initialize = (data) => void ({ port } = data);

/** CommonJS is left to `Module._compile`, which sees it however it is loaded. */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (loaded.format !== 'module' || !url.startsWith('file:')) return loaded;
  const compiled = compile(String(loaded.source), fileURLToPath(url), 'module');
  if (compiled === undefined) return loaded;
  port.postMessage({ file: compiled.file, sites: compiled.sites });
  return { ...loaded, source: compiled.code };
}
