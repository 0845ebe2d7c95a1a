/** First in, first out. `Array.prototype.shift` moves all that is left once an array is long. */
export class Queue<T> {
  #items: T[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  get first(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    const item = this.first;
    if (item === undefined) return undefined;
    if (++this.#head === this.#items.length) {
      this.#items.length = this.#head = 0;
    } else if (this.#head >= 1024 && 2 * this.#head >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Takes out the newest one that is `item`. */
  remove(item: T): void {
    const at = this.#items.lastIndexOf(item);
    if (at >= this.#head) this.#items.splice(at, 1);
  }
}
