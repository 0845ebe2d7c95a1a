import { readFileSync, realpathSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { plural, printable, quote } from '../../../messages.js';
import { mayHaveGenerators } from '../../../syntax/async-star.js';
import { failureOf, remedyFor } from '../../compiler/failure.js';
import { quoted } from '../../../engine/text.js';
import type { ResolvedFileOptions } from '../../files/options.js';
import { whyLeftOut } from '../../files/why-left-out.js';
import { createCompiler } from '../../compiler/index.js';
import { loadOptions } from '../loader/config.js';
import { typeOf } from '../loader/package-type.js';
import { fileOptions, invalid, type FileArguments } from './arguments.js';

/**
 * Says of a file whether the command, or `asyncgen-hooks/register`, compiles it, and if not, why.
 * @throws Error, code `ERR_ASYNCGEN_ARGUMENT`, if it cannot be read.
 */
export function explain(name: string, given: FileArguments): string {
  const cwd = process.cwd();
  const options = loadOptions(cwd, fileOptions(given));
  const { file, code } = read(name);
  const shown = printable(relative(cwd, file).replaceAll('\\', '/'));
  const leftOut = whyLeftOut(file, cwd, options);
  const answer = leftOut ?? whatBecomes(file, code, cwd, options);
  return `${shown}: ${answer}\n`;
}

function read(name: string): { file: string; code: string } {
  try {
    // As Node has it: it follows links.
    const file = realpathSync(resolve(name));
    return { file, code: readFileSync(file, 'utf8') };
  } catch (error) {
    throw invalid(`Cannot read ${printable(name)} (${quote(error)}). Check its path.`);
  }
}

function whatBecomes(
  file: string,
  code: string,
  cwd: string,
  { plugin }: ResolvedFileOptions,
): string {
  let isLowered = false;
  const onLowered = (): void => void (isLowered = true);
  // The places are those of this file, whatever it was made of.
  const compile = createCompiler({ plugin, cwd, inputSourceMaps: false, onLowered });
  let compiled: string | undefined;
  try {
    compiled = compile({ code, file, sourceType: typeOf(file) })?.code;
  } catch (error) {
    const failure = failureOf(error, file);
    return `not compiled: it ${failure.fact}. ${remedyFor(failure, '"exclude", or --exclude')}`;
  }
  const rest = isLowered
    ? ' Some of its async generators were lowered before, and are not hooked: let that tool emit ES2018 or newer.'
    : '';
  if (compiled !== undefined) {
    const places = sitesIn(compiled, relative(cwd, file).replaceAll('\\', '/'));
    const list = places.map(({ name, line }) => `\n  ${line}: ${name || '(anonymous)'}`).join('');
    return `compiled, ${plural(places.length, 'async generator')}.${rest}${list}`;
  }
  if (isLowered)
    return 'not compiled. Its async generators were lowered before. Let that tool emit ES2018 or newer.';
  if (!mayHaveGenerators(code)) return 'not compiled. It has no async generator.';
  return /asyncgen-hooks\s+ignore\b/.test(code)
    ? 'not compiled. A comment in it says "asyncgen-hooks ignore".'
    : `not compiled. It has no async generator, or was compiled before.`;
}

/** The sites that stand in compiled code, as string literals; each function has one. */
function sitesIn(code: string, file: string): { line: number; name: string }[] {
  const place = quoted(`${file}:`)
    .slice(1, -1)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const sites = new Map<string, { line: number; name: string }>();
  for (const [text, line, name = ''] of code.matchAll(
    new RegExp(`"${place}(\\d+):\\d+(?: ((?:[^"\\\\\n]|\\\\.)*))?"`, 'g'),
  ))
    sites.set(text, { line: Number(line), name: printable(unquoted(name)) });
  return [...sites.values()].sort((a, b) => a.line - b.line);
}

/** What `quoted` has made of a text. */
const unquoted = (text: string): string =>
  JSON.parse(`"${text.replaceAll('\\x3c', '\\u003c')}"`) as string;
