/** The tests of each room, as Jest takes them. */
export const TESTS = {
  // What only garbage collection shows is seen through a tracker; what nobody handles, by a process of its own.
  runtime: [
    '__tests__/runtime/',
    '__tests__/lifecycle/abandoned',
    '__tests__/environments/reporting',
  ],
  lifecycle: [
    '__tests__/lifecycle/(tracker|abandoned|finally|frees|scope|scope-ends|shutdown|shutdown-limits|options|context|mutants)',
  ],
};

const inFile = (file, places) =>
  places.map(([text, instead = '']) => ({ file: `src/${file}`, text, instead }));

/** Places to break: the exact text, which stands in the file once, and what to put there. */
export const MUTANTS = [
  ...inFile('runtime/hooks/watched.ts', [
    ['if (this.asked++ === this.given) this.since = clock.now;', 'this.asked++;'],
    ['      this.abort();\n'],
    ["this.more?.cancellation?.abort('return', closedReason());"],
    ['(this.needMore().returns ??= []).push({ at: this.asked, value });'],
    ['this.needCancellation().abort(name, value);'],
    ["if (this.isClosing) more.cancellation.abort('return', closedReason());"],
    ["else if (this.outcome?.type !== 'closed')", 'else'],
    [
      'if (more.delegation !== null) watch(gen, this);\n    else more.delegation',
      'more.delegation',
    ],
    ['if (delegation instanceof Awaited) watch(delegation.gen, this);'],
    ['this.more?.cancellation?.abort(by, reason);'],
    [
      '    if (this.more !== null) this.settle(this.more);\n    if (this.hooks.iter',
      '    if (this.hooks.iter',
    ],
    ['if (isObject(value) && mayBeLate(value)) return giveLater(this, value, line);'],
    ['if (this.given < this.asked) this.given++;', 'this.given++;'],
    ['if (this.given < this.asked) this.since = clock.now;'],
    ['    this.settle(more);\n    this.line = line;', '    this.line = line;'],
    ['    this.settle(more);\n    this.line = line;', '    this.settle(more);'],
    ['    this.over(iterable);\n'],
    ['if (isShown) inner.needMore().reader = this;'],
    ['const before = inner.items;', 'const before = 0;'],
    ['    more.delegation = through;\n'],
    ['    if (this.more !== null) this.settle(this.more);\n    const outcome', '    const outcome'],
    ['isObject(value) && mayBeLate(value) ? resultLater(value, outcome) : value', 'value'],
    ['    if (more !== null) this.settle(more);\n    const answered', '    const answered'],
    ["return answered !== 'return';", 'return true;'],
    ['    if (this.more !== null) this.settle(this.more);\n    this.end(', '    this.end('],
    ['    unwatch(this);\n'],
    ['    this.more = null;\n    this.owner = owner;\n'],
    ['    this.more = null;\n    this.owner = owner;', '    this.more = null;'],
    ['    this.source = this.fn;\n    this.phase = ENDED;', '    this.phase = BEGUN;'],
    ['    if (this.isEnded) return;\n'],
    ['    this.hooks = { ...this.hooks, finalizer: null };\n'],
    [
      'this.hooks.resume === null && this.context === undefined && this.fn.native;',
      'this.fn.native;',
    ],
    ['if (isThenable(out)) reportLater(out, this.fn);'],
    ['      this.given = this.givenInAll;\n'],
    ['      more.delegation = null;\n'],
    ['returns[0]!.at <= current', 'true'],
    ['if (returns.length === 0) more.returns = null;'],
    ['    record.hold(gen as AnyAsyncGenerator);\n'],
  ]),
  ...inFile('runtime/hooks/handle.ts', [
    [
      "Boolean(this.more?.returns) || this.outcome?.type === 'closed'",
      'Boolean(this.more?.returns)',
    ],
    ["if (this.state !== 'suspended' || this.line === 0) return undefined;"],
    ['    this.held = revived;\n'],
    ['if (owner !== this.owner) this.needMore().owner = owner;'],
    ['registry.clock.origin + this.since', 'this.since'],
    ['if (link === null) return Promise.resolve({ value: undefined, done: true });'],
  ]),
  ...inFile('runtime/hooks/pipe.ts', [
    ['if (isPromise(out)) return giveLater(body, out, line);\n'],
    ['if (out !== undefined) value = out;', 'value = out;'],
    ['    from = 0;\n'],
    ['late === undefined ? value : late', 'late'],
    ['piped === item && isThenable(item) ? new Kept(item) : piped', 'piped'],
  ]),
  ...inFile('runtime/hooks/steps.ts', [
    ["if (inner !== undefined) throw misuse('called step() twice. Call it once.');"],
    ["if (isOver) throw misuse('called step() after it had returned. Call it before.');"],
    ['    handled(inner);\n'],
    ['  handled(inner);\n  return Promise', '  return Promise'],
    ['    record.hold(gen);\n'],
    [
      'link.record instanceof Watched ? link.record : new Watched(link, hooks)',
      'new Watched(link, hooks)',
    ],
    [
      'for (const error of errors.slice(1)) reportHookError',
      'for (const error of []) reportHookError',
    ],
    ['  record.ask();\n  if (name', '  if (name'],
    [' && !record.isEnded) record.askToEnd', ') record.askToEnd'],
    ['if (!record.isStarted) fn.startNext(link);'],
    [
      "record.end(name === 'return' ? { type: 'closed', value } : { type: 'failed', error: value });",
    ],
  ]),
  ...inFile('runtime/hooks/abandoned.ts', [
    ['if (body.isPending) body.watchLater();\n  else body.abandon', 'body.abandon'],
    ['    last.held = held;\n'],
    ['    youngGenerators[held] = lastGenerator;\n'],
    ['  body.held = null;\n'],
    ['  youngGenerators.length = 0;\n'],
    ['  isArmed = false;\n'],
    ['    body.held = new WeakRef(gen);\n'],
    ['  young.length = 0;\n'],
  ]),
  ...inFile('runtime/hooks/signal.ts', [
    ['if (this.#by !== undefined) this.#controller.abort(this.#reason);'],
    ['if (this.#by !== undefined) return;'],
    ["by === 'throw' ? by : 'outer'", "'outer'"],
    ['for (const each of this.#inner) linkOf(each)?.record.cancel(toInner, reason);'],
    ["by === undefined || by === 'throw'", 'by === undefined'],
    [' || (error as { cause?: unknown } | undefined)?.cause === reason'],
  ]),
  ...inFile('runtime/hooks/delegation.ts', [
    [
      'if (out === value || !isThenable(out)) return item(out);',
      'if (!isThenable(out)) return item(out);',
    ],
    ['if (iterator.throw) return take(iterator.throw(error));'],
  ]),
  ...inFile('runtime/hooks/thenable.ts', [['        if (isHeard) return;\n']]),
  ...inFile('runtime/shim/body.ts', [['  starting = null;\n']]),
  ...inFile('runtime/shim/function-record.ts', [
    ['if (receiver !== this.visible) return value;'],
    ['prototype === this.#own && isNative() && Object.isExtensible(prototype)', 'false'],
  ]),
  ...inFile('lifecycle/tracker.ts', [
    ['if (created) this.#created.delete(gen);'],
    ["void handle.step('return');"],
    ['if (open === this.#open) this.#ownShutdown?.arrivals.add(entry);'],
    ['this.#fullShutdown?.arrivals.add(entry);'],
    ['    entry.note({ closing });\n'],
    ['        if (this.#isStopped) this.#forget();\n'],
    ['if (owner !== undefined && !owner.isOpen) this.scopeEnded(owner as Scope);'],
    ['if (scope.open.size === 0) this.#scopes.delete(scope);'],
    ['owner.tracker === this ? (owner as Scope).open : undefined', '(owner as Scope).open'],
  ]),
  ...inFile('lifecycle/open.ts', [
    ['this.#arrivals?.add(entry);'],
    ['if (entry.hasEnded) this.#entries.delete(handle);'],
  ]),
  ...inFile('lifecycle/ownership.ts', [
    ['while (owner !== undefined && !owner.isOpen) owner = owner.outer;'],
  ]),
  ...inFile('lifecycle/shutdown.ts', [
    ["entry.isClosing ? 'next' : 'return'", "'return'"],
    ['if (items === MAX_ITEMS) throw notClosed(entry.site);'],
    ['if (entry.hasEnded) return void this.#closed.push(before);'],
    ['entry.notes.closing ?? close(entry)', 'close(entry)'],
    ['isInTime && entry.hasEnded', 'isInTime'],
    ['this.#isLastCall || entry.isPending', 'this.#isLastCall'],
  ]),
  ...inFile('lifecycle/entry.ts', [
    ['Math.max(begunAt, steppedAt)', 'steppedAt'],
    ["state === 'closed' ? 'closing' : state", 'state'],
  ]),
];
