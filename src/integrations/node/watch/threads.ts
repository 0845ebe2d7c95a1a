import { BroadcastChannel, isMainThread, receiveMessageOnPort } from 'node:worker_threads';

/**
 * What the threads of a process leave for its main thread, which alone can read all of it. It
 * outlives the thread that left it.
 */
export class ThreadBox<Item> {
  readonly #items: Item[] = [];
  readonly #channel: BroadcastChannel;

  /** @param onItem called in the main thread for what another thread left. */
  constructor(
    name: string,
    private readonly onItem?: (item: Item) => void,
  ) {
    this.#channel = new BroadcastChannel(`asyncgen-hooks/${name}`);
    (this.#channel as unknown as { unref(): void }).unref();
    if (isMainThread)
      this.#channel.onmessage = (event) => this.#take((event as { data: Item }).data);
  }

  /** It is in the main thread's queue when this returns, whatever becomes of this thread. */
  leave(item: Item): void {
    if (isMainThread) this.#items.push(item);
    else this.#channel.postMessage(item);
  }

  all(): readonly Item[] {
    // What arrived since the last turn of the event loop.
    for (let got; isMainThread && (got = receiveMessageOnPort(this.#channel as never));)
      this.#take(got.message as Item);
    return this.#items;
  }

  #take(item: Item): void {
    this.#items.push(item);
    this.onItem?.(item);
  }
}
