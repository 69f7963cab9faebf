/** A first-in first-out queue in a power-of-two array. It grows by doubling and never shrinks; slots are cleared. */
export class Ring<T> {
  #slots: (T | undefined)[];
  #mask: number;
  #head = 0;
  #size = 0;

  constructor(capacity = 8) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(capacity, 2)));
    this.#slots = new Array(slots).fill(undefined);
    this.#mask = slots - 1;
  }

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    if (this.#size > this.#mask) this.#grow();
    this.#slots[(this.#head + this.#size) & this.#mask] = item;
    this.#size++;
  }

  /** Takes the oldest item. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.#size--;
    return item;
  }

  /** The item behind `index` older ones; there must be one. */
  at(index: number): T {
    return this.#slots[(this.#head + index) & this.#mask]!;
  }

  peek(): T | undefined {
    return this.#slots[this.#head];
  }

  #grow(): void {
    const slots: (T | undefined)[] = new Array((this.#mask + 1) * 2).fill(undefined);
    for (let i = 0; i < this.#size; i++) slots[i] = this.#slots[(this.#head + i) & this.#mask];
    this.#slots = slots;
    this.#mask = slots.length - 1;
    this.#head = 0;
  }
}
