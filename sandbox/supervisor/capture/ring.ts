/** The last `capacity` items, the oldest first. */
export class Ring<T> {
  readonly #capacity: number;
  #items: T[] = [];
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(item: T): void {
    this.#items[this.#next % this.#capacity] = item;
    this.#next += 1;
  }

  /** The newest `count` items. */
  last(count: number): T[] {
    const from = Math.max(0, this.#next - Math.min(count, this.#items.length));
    const found: T[] = [];
    for (let index = from; index < this.#next; index += 1) {
      const item = this.#items[index % this.#capacity];
      if (item !== undefined) found.push(item);
    }
    return found;
  }
}
