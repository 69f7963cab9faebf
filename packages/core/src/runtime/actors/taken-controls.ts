/** Messages that were not declared and are remembered all the same: a handler may take any type. */
const MOST_TYPES = 32;

/** How often and when a node took each kind of control message. */
export class TakenControls {
  readonly #taken = new Map<string, { count: number; at: number }>();

  /** @param at by the clock of the graph */
  add(type: string, at: number): void {
    const known = this.#taken.get(type);
    if (known !== undefined) {
      known.count++;
      known.at = at;
    } else if (this.#taken.size < MOST_TYPES) this.#taken.set(type, { count: 1, at });
  }

  of(type: string): { readonly count: number; readonly at: number } | undefined {
    return this.#taken.get(type);
  }

  get size(): number {
    return this.#taken.size;
  }

  get types(): Iterable<string> {
    return this.#taken.keys();
  }
}
