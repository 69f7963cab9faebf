/** An item that was written, or, without one, a place up to which an answer is asked for. */
export interface Entry<Item> {
  /** Grows by one with each. */
  readonly place: number;
  readonly item?: Item;
  /** Resolves who asked for the answer. */
  readonly answered?: () => void;
}

/** What became of an event: it is told, it was told before, or the request failed of which nothing has been told. */
export type Taken<Event> =
  | { readonly type: 'tell'; readonly events: readonly Event[]; readonly answers: boolean }
  | { readonly type: 'failed'; readonly error: Error; readonly giveUp: (error: Error) => readonly Event[] };

/**
 * What was written and is not answered yet, in order: when a session is lost, the next is given it again. What counts as
 * an answer differs between requests and sound.
 */
export abstract class Unanswered<Item, Event> {
  protected entries: Entry<Item>[] = [];
  #place = 0;

  /** The place of the newest entry. */
  get newest(): number {
    return this.#place;
  }

  /** Whether nothing waits for an answer up to a place. */
  isAnswered(place: number): boolean {
    const oldest = this.entries[0];
    return oldest === undefined || oldest.place > place;
  }

  add(item: Item): void {
    this.entries.push({ place: ++this.#place, item });
  }

  /** Asks for the answer to everything so far. */
  flush(): Promise<void> {
    return new Promise((answered) => this.entries.push({ place: ++this.#place, answered }));
  }

  /** What is to be written after a place, and not beyond another. */
  next(after: number, until: number): Entry<Item> | undefined {
    const next = this.entries.find(({ place }) => place > after);
    return next !== undefined && next.place <= until ? next : undefined;
  }

  /** All up to a place is answered. */
  settle(place: number): void {
    while (!this.isAnswered(place)) this.remove(this.entries[0]!);
  }

  /** Nothing will be answered any more. */
  close(): void {
    this.settle(Number.POSITIVE_INFINITY);
  }

  /** Takes what a session told. */
  abstract take(event: Event): Taken<Event>;
  /** The session of what was begun is lost: gives the ends of what cannot be begun again. */
  abstract breakOff(error: Error): readonly Event[];
  /** What was asked in earlier epochs needs no answer. */
  abstract cancel(epoch: number): void;
  /** Where another session may take over: behind all that was written, with all that is unanswered, or not now. */
  abstract get seam(): 'behind' | 'again' | 'later';

  /** Another session is given all of it again. */
  again(): void {}

  protected remove(entry: Entry<Item>): void {
    this.entries.splice(this.entries.indexOf(entry), 1);
    entry.answered?.();
  }
}
