import { describeAsyncGen, type AnyAsyncGenerator } from '../runtime/index.js';
import type { LiveAsyncGen } from './entry.js';

interface Created {
  readonly ref: WeakRef<AnyAsyncGenerator>;
  readonly at: number;
}

/** Generators that were called and never iterated. Holds none of them. */
export class CreatedGenerators {
  readonly #all = new Set<Created>();
  readonly #byGenerator = new WeakMap<AnyAsyncGenerator, Created>();
  #pruneAt = 1024;

  add(gen: AnyAsyncGenerator, at: number): void {
    const created = { ref: new WeakRef(gen), at };
    this.#all.add(created);
    this.#byGenerator.set(gen, created);
    if (this.#all.size >= this.#pruneAt) this.list();
  }

  delete(gen: AnyAsyncGenerator): void {
    const created = this.#byGenerator.get(gen);
    if (created !== undefined) this.#all.delete(created);
  }

  clear(): void {
    this.#all.clear();
  }

  /** Those that the program still holds; the others are forgotten. */
  list(): LiveAsyncGen[] {
    const live: LiveAsyncGen[] = [];
    for (const created of this.#all) {
      const gen = created.ref.deref();
      if (gen === undefined) {
        this.#all.delete(created);
        continue;
      }
      const { at } = created;
      const site = describeAsyncGen(gen)!;
      live.push({ site, state: 'created', begunAt: at, items: 0, lastStepAt: at, waiting: 0 });
    }
    this.#pruneAt = Math.max(1024, 2 * this.#all.size);
    return live;
  }
}
