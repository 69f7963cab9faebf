import { type Entry, type Taken, Unanswered } from './unanswered.ts';

interface Request {
  readonly id: string;
  readonly epoch: number;
}

interface Answer {
  readonly type: string;
  readonly id: string;
  readonly error?: Error;
}

const ends: readonly string[] = ['finished', 'failed', 'verdict'];

/** Requests without an end. One of which something was told is not begun again: nobody says half a sentence twice. */
export class Requests<Item extends Request, Event extends Answer> extends Unanswered<Item, Event> {
  readonly #begun = new Set<string>();

  get seam(): 'behind' {
    return 'behind';
  }

  take(event: Event): Taken<Event> {
    const entry = this.entries.find(({ item }) => item?.id === event.id);
    if (entry === undefined) return { type: 'tell', events: [], answers: false };
    const isEnd = ends.includes(event.type);
    if (event.type === 'failed' && !this.#begun.has(event.id))
      return { type: 'failed', error: event.error!, giveUp: (error) => this.#fail([entry], error) };
    if (isEnd) this.remove(entry);
    else this.#begun.add(event.id);
    return { type: 'tell', events: [event], answers: isEnd };
  }

  breakOff(error: Error): readonly Event[] {
    return this.#fail(
      this.entries.filter(({ item }) => item !== undefined && this.#begun.has(item.id)),
      error,
    );
  }

  cancel(epoch: number): void {
    for (const entry of this.entries.filter(({ item }) => item !== undefined && item.epoch < epoch)) this.remove(entry);
  }

  protected override remove(entry: Entry<Item>): void {
    if (entry.item !== undefined) this.#begun.delete(entry.item.id);
    super.remove(entry);
  }

  /** Only kinds that are answered in pieces get here, and each of them tells of a failure so. */
  #fail(entries: readonly Entry<Item>[], error: Error): readonly Event[] {
    for (const entry of entries) this.remove(entry);
    return entries.map(({ item }) => ({ type: 'failed', id: item!.id, epoch: item!.epoch, error }) as unknown as Event);
  }
}
