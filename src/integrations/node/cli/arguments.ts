import { parseArgs } from 'node:util';
import { printable } from '../../../messages.js';
import { suggest } from '../../../options.js';
import { wrap } from '../report/words.js';

/** Of a terminal. */
const WIDTH = 80;

export interface Option {
  readonly type: 'string' | 'boolean';
  /** One letter. */
  readonly short?: string;
  readonly multiple?: boolean;
  /** Its value where none is given: a number, as all its values are. */
  readonly fallback?: string;
  /** What stands for its value in the help. */
  readonly value?: string;
  /** What the help says of it. */
  readonly text: string;
}

export interface Usage {
  /** What follows the name of the command. */
  readonly synopsis: string;
  readonly text: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Lines below the options. */
  readonly after?: readonly string[];
}

type Value = string | boolean | (string | boolean)[];

export interface Arguments {
  readonly values: Readonly<Record<string, Value | undefined>>;
  readonly positionals: readonly string[];
}

/**
 * Reads options and what they belong to.
 *
 * @param isProgram the options end where the first other argument stands; what follows is not ours.
 * @throws Error, code `ERR_ASYNCGEN_ARGUMENT`, naming what is wrong.
 * Source: `util.parseArgs`, https://nodejs.org/api/util.html#utilparseargsconfig. Libraries that read arguments load
 * `child_process` for commands that are programs, which takes as long as all else before a program starts.
 */
export function readArguments(given: string[], { options }: Usage, isProgram: boolean): Arguments {
  const args = withFallbacks(given, options);
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  const first = tokens.find(({ kind }) => kind === 'positional')?.index ?? args.length;
  const end = isProgram ? first : args.length;
  try {
    const own = args.slice(0, end);
    const { values, positionals } = parseArgs({ args: own, options, allowPositionals: true });
    return { values, positionals: [...positionals, ...args.slice(end)] };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const [, name] = /^Unknown option '(.+?)'/.exec(message) ?? [];
    if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION' || name === undefined)
      throw invalid(sayWrongValue(message, options));
    const names = Object.keys(options).map((option) => `--${option}`);
    throw invalid(`Unknown option "${printable(name)}". ${suggest(name, names, 'options')}`);
  }
}

/** @param message what `parseArgs` says of an option that has no value, or one that it does not take. */
function sayWrongValue(message: string, options: Usage['options']): string {
  const [, name = ''] = /^Option '(?:-\w, )?--([\w-]+)/.exec(message) ?? [];
  const value = Object.hasOwn(options, name) ? options[name]!.value : undefined;
  return value === undefined
    ? `option "--${name}" takes no value. Leave out what follows its name.`
    : `option "--${name}" has no value. Pass one: --${name}=<${value}>.`;
}

/** Gives an option that may stand without a value one, before the next argument passes for it. */
function withFallbacks(args: string[], options: Usage['options']): string[] {
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  for (const token of tokens) {
    // What follows is the program's.
    if (token.kind !== 'option') break;
    const fallback = Object.hasOwn(options, token.name) ? options[token.name]!.fallback : undefined;
    if (fallback === undefined || token.inlineValue || /^\d+$/.test(token.value ?? '')) continue;
    const before = args.slice(0, token.index);
    const filled = `${token.rawName}=${fallback}`;
    return withFallbacks([...before, filled, ...args.slice(token.index + 1)], options);
  }
  return args;
}

export interface FileArguments {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Names of packages, with commas between them. */
  readonly deps?: readonly string[];
}

/** As `loadOptions` takes them: what is not given does not hide what the configuration says. */
export function fileOptions({ include, exclude, deps }: FileArguments): object {
  const dependencies = deps
    ?.flatMap((names) => names.split(','))
    .map((name) => name.trim())
    .filter(Boolean);
  return {
    ...(include && { include }),
    ...(exclude && { exclude }),
    ...(dependencies && { dependencies }),
  };
}

export const invalid = (text: string): Error =>
  Object.assign(new Error(`asyncgen-hooks: ${text}`), {
    code: 'ERR_ASYNCGEN_ARGUMENT',
  });

/** The text that `--help` prints. */
export function formatHelp({ synopsis, text, options, after }: Usage): string {
  const rows = Object.entries(options).map(([name, { short, value, fallback, text }]) => {
    const shown = value && (fallback === undefined ? ` <${value}>` : ` [${value}]`);
    const flag = `${short ? `-${short}, ` : '    '}--${name}${shown ?? ''}`;
    return [flag, text] as const;
  });
  const width = Math.max(...rows.map(([flag]) => flag.length));
  const lines = rows.flatMap(([flag, text]) =>
    wrap(`  ${flag.padEnd(width)}  ${text}`, WIDTH, ' '.repeat(width + 4)),
  );
  const filled = (paragraph: string): string => wrap(paragraph, WIDTH, '').join('\n');
  const parts = [
    `Usage: asyncgen-hooks ${synopsis}`,
    filled(text),
    `Options:\n${lines.join('\n')}`,
    after?.map(filled).join('\n'),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}
