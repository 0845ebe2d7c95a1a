import { types } from 'node:util';
import { show } from '../../messages.js';
import { checkNames, optionError } from '../../options.js';
import { formatAsyncGenSite, type AsyncGenSite } from '../../runtime/index.js';

/** What becomes of a test that leaves a generator open. */
export interface TestOptions {
  /**
   * Whether the test fails, or a warning tells of it.
   * @default 'fail'
   */
  onLeak?: 'fail' | 'warn';
  /**
   * Generators that may stay open, by their sites: the name of the function, its file, `file:line`, or a RegExp
   * for `rows (src/db.js:12:1)`. They are not closed before the end of the file.
   * @default none
   */
  allow?: string | RegExp | readonly (string | RegExp)[];
  /**
   * How many milliseconds a generator has to end by itself when its test has ended; one that does sooner
   * keeps nobody waiting.
   * @default 0, one turn of the event loop
   */
  grace?: number;
}

export interface ResolvedTestOptions {
  readonly onLeak: 'fail' | 'warn';
  readonly grace: number;
  isAllowed(site: AsyncGenSite): boolean;
}

const NAMES = ['onLeak', 'allow', 'grace'];
const SUBJECT = 'testing:';

/**
 * Checks the options once and fills in the defaults.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export function resolveTestOptions(given: unknown = {}): ResolvedTestOptions {
  const { onLeak = 'fail', allow = [], grace = 0 } = checkNames<TestOptions>(SUBJECT, given, NAMES);
  const wrong = (name: string, value: unknown, takes: string): TypeError =>
    optionError(SUBJECT, `option "${name}" is ${show(value)}. Pass ${takes}.`);
  if (onLeak !== 'fail' && onLeak !== 'warn') throw wrong('onLeak', onLeak, '"fail" or "warn"');
  if (typeof grace !== 'number' || !(grace >= 0 && grace < Infinity))
    throw wrong('grace', grace, 'a number of milliseconds');
  const tests = [allow].flat().map((each: unknown) => {
    // Another realm's, too; a copy, since `g` and `y` would keep state.
    if (types.isRegExp(each)) {
      const pattern = new RegExp(each.source, each.flags.replace(/[gy]/g, ''));
      return (site: AsyncGenSite) => pattern.test(formatAsyncGenSite(site));
    }
    if (typeof each !== 'string' || each === '')
      throw wrong('allow', each, 'a name, a file, "file:line", a RegExp, or an array of them');
    return ({ name, file, line }: AsyncGenSite) =>
      [name, file, `${file}:${line}`].includes(each.replace(/^\.\//, ''));
  });
  return { onLeak, grace, isAllowed: (site) => tests.some((test) => test(site)) };
}

/** As a text, for another process. */
export const packTestOptions = (options: TestOptions): string =>
  JSON.stringify(options, (_name, value: unknown) =>
    types.isRegExp(value) ? { source: value.source, flags: value.flags } : value,
  );

export const unpackTestOptions = (text: string): ResolvedTestOptions =>
  resolveTestOptions(
    JSON.parse(text, (_name, value: { source?: unknown; flags?: unknown } | null) =>
      typeof value?.source === 'string' && typeof value.flags === 'string'
        ? new RegExp(value.source, value.flags)
        : value,
    ),
  );
