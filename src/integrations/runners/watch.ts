import type { LiveAsyncGen, ShutdownReport } from '../../lifecycle/index.js';
import { AsyncGenGroup, groupAsyncGens } from '../../lifecycle/group.js';
import { warn } from '../../messages.js';
import { elapsed, startTimer, turn } from '../../time.js';
import { getCurrentTest, runInTest, type Test } from './current.js';
import { leakError, type Closing, type Folders } from './leak.js';
import type { ResolvedTestOptions } from './options.js';

/** How long what was left open may take to close. Runners give a test, or a hook, 2 s and more. */
const CLOSE = { timeout: 500, totalTimeout: 1000, concurrency: 1 };
/** While a generator has time to end by itself it is looked at this often, in milliseconds. */
const LOOK_EVERY = 10;

/**
 * What a test began, its hooks included: over `await`, timers and events, as `AsyncLocalStorage` has
 * it, so tests that run at the same time are told apart.
 *
 * | a generator that begins            | belongs to                                        |
 * |------------------------------------|---------------------------------------------------|
 * | in a test, its `beforeEach` …      | the test, which fails if it is open at its end    |
 * | in a subtest                       | the subtest                                       |
 * | in `beforeAll`, at the top, later  | the file, which fails if it is open at its end    |
 */
export class TestWatch implements Test {
  readonly group = new AsyncGenGroup();
  isOver = false;
  #mayLeave = false;

  constructor(
    readonly watch: FileWatch,
    readonly outer: Test | undefined,
    private readonly who: string,
  ) {}

  allow(): void {
    this.#mayLeave = true;
  }

  run<Result>(fn: () => Result): Result {
    return runInTest(this, fn);
  }

  /** Whether nothing is open, and the program dropped nothing. */
  get isClosed(): boolean {
    const { open, dropped } = this.group;
    return open.size === 0 && dropped.length === 0;
  }

  /** Ends it if that takes no time. */
  endIfClosed(): boolean {
    this.isOver ||= this.isClosed;
    return this.isOver;
  }

  /**
   * Ends it: lists what is open, then closes it.
   *
   * @param limit no closing takes longer, in milliseconds.
   * @returns the error that the test is to fail with, if any.
   */
  async end(limit = Infinity): Promise<Error | undefined> {
    if (this.endIfClosed()) return undefined;
    await this.#wait();
    const leaks = this.group.live();
    const report = await this.#close(limit);
    this.isOver = true;
    return this.#judge(leaks, report);
  }

  /** The same where nobody waits: what is open is closed later. */
  endAtOnce(): Error | undefined {
    if (this.endIfClosed()) return undefined;
    const leaks = this.group.live();
    void this.#close(Infinity);
    this.isOver = true;
    const blocked = leaks.filter(({ waiting }) => waiting > 0);
    return this.#judge(leaks, { blocked, failed: [] });
  }

  /** What the `finally` blocks begin is closed with them. */
  #close(limit: number): Promise<ShutdownReport> {
    const timeout = Math.max(1, Math.min(limit, CLOSE.timeout));
    const totalTimeout = Math.max(1, Math.min(limit, CLOSE.totalTimeout));
    return this.run(() => this.group.close({ ...CLOSE, timeout, totalTimeout }));
  }

  #judge(leaks: readonly LiveAsyncGen[], report: Closing): Error | undefined {
    const { options, folders } = this.watch;
    const told = this.#mayLeave ? [] : leaks.filter(({ site }) => !options.isAllowed(site));
    if (told.length === 0) return undefined;
    const error = leakError(this.who, told, report, folders);
    if (options.onLeak === 'fail') return error;
    warn(`${error.message}\n${stackOf(told)}`.trimEnd(), 'ERR_ASYNCGEN_OPEN');
    return undefined;
  }

  async #wait(): Promise<void> {
    const { grace } = this.watch.options;
    const isOpen = (): boolean => this.group.open.live().length > 0;
    const end = elapsed() + grace;
    await turn();
    while (isOpen() && elapsed() < end)
      await new Promise<void>((resolve) => void startTimer(LOOK_EVERY, resolve));
  }
}

const stackOf = ([first]: readonly LiveAsyncGen[]): string => first?.stack ?? '';

/** What watches the tests of one file, or of a process that runs several. */
export class FileWatch {
  /** What belongs to no test. */
  readonly file: TestWatch;
  readonly #hooks;

  constructor(
    readonly options: ResolvedTestOptions,
    readonly folders: Folders,
    who = 'the file',
  ) {
    this.file = new TestWatch(this, undefined, who);
    this.#hooks = groupAsyncGens((site) =>
      this.options.isAllowed(site) ? this.file.group : this.#current().group,
    );
  }

  /** @param outer the test that it is a subtest of. */
  test(outer: TestWatch = this.file): TestWatch {
    return new TestWatch(this, outer, 'the test');
  }

  /** The end of all. */
  async end(limit?: number): Promise<Error | undefined> {
    const error = await this.file.end(limit);
    this.#hooks.remove();
    return error;
  }

  #current(): TestWatch {
    let test = getCurrentTest();
    while (test?.isOver) test = test.outer;
    return test instanceof TestWatch && test.watch === this ? test : this.file;
  }
}
