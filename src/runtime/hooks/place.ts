/** The place of a step in the order; a later step may wait until it is left. */
export class Place {
  #promise: Promise<void> | undefined;
  #leave: (() => void) | undefined;

  /** Whether a later step waits. */
  get isAwaited(): boolean {
    return this.#promise !== undefined;
  }

  left(): Promise<void> {
    return (this.#promise ??= new Promise((resolve) => (this.#leave = resolve)));
  }

  leave(): void {
    this.#leave?.();
  }
}
