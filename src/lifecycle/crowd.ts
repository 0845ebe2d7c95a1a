import { builtinModule } from '../builtin.js';

interface V8 {
  getHeapStatistics(): { used_heap_size: number; heap_size_limit: number };
}

/** What a host with enough memory keeps of one turn of the event loop. */
const MAX_GROWTH = 250_000;
/** Below this, memory is used by others. */
const MIN_GROWTH = 20_000;
/**
 * Of `heap_size_limit`, which counts the young generation: where the old one is small, Node 24 has
 * three times as much of that, and a quarter of both is more than the old one holds.
 */
const MAX_HEAP = 0.125;
const LOOK_EVERY = 4096;

/**
 * Says when a tracker may take in no more. In a loop of microtasks the engine does not say what the
 * program has dropped, and what a tracker keeps would grow until the memory is full, where natively
 * nothing does. So it is limited by a number and, where the host tells, by the heap.
 */
export class Crowd {
  #begun = 0;
  #sizeAtTask = 0;
  #isFull = false;

  constructor(private readonly size: () => number) {}

  /** There was a task: the engine has had its chance to say what is dropped. */
  task(): void {
    this.#sizeAtTask = this.size();
    this.#isFull = false;
  }

  /** Asked for each generator that begins. */
  get isFull(): boolean {
    if (++this.#begun % LOOK_EVERY === 0) this.#isFull = this.#look();
    return this.#isFull;
  }

  #look(): boolean {
    const growth = this.size() - this.#sizeAtTask;
    if (growth < MIN_GROWTH) return false;
    if (growth >= MAX_GROWTH) return true;
    const heap = builtinModule<V8>('node:v8')?.getHeapStatistics();
    return heap !== undefined && heap.used_heap_size > MAX_HEAP * heap.heap_size_limit;
  }
}
