import type { Cancel } from '@sluice/core';

/**
 * Those who want to hear of one kind of event, called in the order they came. One that throws takes nothing from the
 * others, nor from who emits, which may be the handler of a socket: it is an uncaught exception, a moment later.
 */
export class Listeners<T> {
  readonly #listeners = new Set<(data: T) => void>();

  get size(): number {
    return this.#listeners.size;
  }

  add(listener: (data: T) => void): Cancel {
    // A wrapper of its own, so that adding one function twice counts twice.
    const entry = (data: T) => listener(data);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  emit(data: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(data);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
