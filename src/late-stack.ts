/** What engines put a stack into. */
export interface StackHolder {
  stack?: unknown;
}

/** Those that nobody has read yet, the oldest first. */
const unread = new Set<LateStack<unknown>>();

/** A collection of garbage may be long in coming, and is not to find too many. */
const MOST_UNREAD = 512;

let isArmed = false;

const collections =
  typeof FinalizationRegistry === 'function'
    ? new FinalizationRegistry<null>(() => {
        isArmed = false;
        readStacks();
      })
    : undefined;

/** Reads those that are left: what they hold is free. */
export function readStacks(): void {
  for (const stack of unread) stack.read();
}

/**
 * The stack of a moment, read when somebody asks for it: engines take the frames quickly, and take several times as long
 * to tell what they are. Most generators end before anybody asks.
 *
 * Frames hold what their functions were called on, which may lead to the generator itself. So what is
 * left at the next collection of garbage (seen by an object that nobody holds) is read then.
 */
export class LateStack<Result> {
  private result: Result | undefined = undefined;

  constructor(
    private holder: StackHolder | undefined,
    private readonly of: (holder: StackHolder) => Result,
  ) {
    if (unread.size === MOST_UNREAD) {
      const [oldest] = unread;
      oldest!.read();
    }
    unread.add(this);
    if (isArmed) return;
    isArmed = true;
    collections?.register({}, null);
  }

  read(): Result {
    if (this.holder !== undefined) {
      this.result = this.of(this.holder);
      this.forget();
    }
    return this.result!;
  }

  /** Nobody will ask. */
  forget(): void {
    this.holder = undefined;
    unread.delete(this);
  }
}
