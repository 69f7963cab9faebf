import type { Cancel } from '@sluice/core';

/**
 * Listeners by event name, typed by a map from name to what it carries. A listener that throws is reported and the
 * others are still called; one that is added or removed meanwhile counts from the next event on.
 * Adding a listener again changes nothing.
 */
export class EventEmitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, readonly ((data: never) => void)[]>();
  readonly #onFault: (error: unknown, event: keyof Events) => void;

  constructor(onFault: (error: unknown, event: keyof Events) => void) {
    this.#onFault = onFault;
  }

  on<K extends keyof Events>(event: K, listener: (data: Events[K]) => void): Cancel {
    const before = this.#listeners.get(event) ?? [];
    if (!before.includes(listener)) this.#listeners.set(event, [...before, listener]);
    return () => this.off(event, listener);
  }

  off<K extends keyof Events>(event: K, listener: (data: Events[K]) => void): void {
    const rest = (this.#listeners.get(event) ?? []).filter((other) => other !== listener);
    if (rest.length === 0) this.#listeners.delete(event);
    else this.#listeners.set(event, rest);
  }

  emit<K extends keyof Events>(event: K, data: Events[K]): void {
    const listeners = this.#listeners.get(event);
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        // The map pairs each name with listeners of its data; TypeScript cannot see that through the Map.
        (listener as (data: Events[K]) => void)(data);
      } catch (error) {
        this.#onFault(error, event);
      }
    }
  }

  has(event: keyof Events): boolean {
    return this.#listeners.has(event);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
