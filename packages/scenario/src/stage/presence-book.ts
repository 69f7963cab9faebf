import { toError } from '@sluice/core';
import type { Presence } from './stage.ts';

type Listener = (presence: Presence) => void;

/** Who is on a stage beside the agent. Each listener hears of everybody in the order in which they came and went. */
export class PresenceBook {
  readonly #names = new Map<string, string>();
  readonly #listeners: Listener[] = [];
  #fault: Error | undefined;

  /** Tells of somebody; `id` tells two of one name apart. */
  joined(id: string, name: string): void {
    if (this.#names.has(id)) return;
    this.#names.set(id, name);
    this.#tell({ type: 'joined', name });
  }

  left(id: string): void {
    const name = this.#names.get(id);
    if (name === undefined) return;
    this.#names.delete(id);
    this.#tell({ type: 'left', name });
  }

  /** Who came last under a name. */
  idOf(name: string): string | undefined {
    return [...this.#names].findLast(([, known]) => known === name)?.[0];
  }

  /** Tells a listener of those who are there, and then of all that happens. */
  listen(listener: Listener): void {
    for (const name of [...this.#names.values()]) listener({ type: 'joined', name });
    this.#listeners.push(listener);
  }

  /** Throws what a listener threw: nobody else would hear of it. */
  check(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  #tell(presence: Presence): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(presence);
      } catch (error) {
        this.#fault ??= toError(error);
      }
    }
  }
}
