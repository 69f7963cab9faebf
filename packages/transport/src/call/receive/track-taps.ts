import type { Cancel } from '@sluice/core';

/** Told when the first one takes media of a track, and when nobody does any more. */
export type TapsListener = (participantId: string, track: string, taken: boolean) => void;

const nobody: readonly never[] = [];

/**
 * Everybody inside this process who takes media of participants' tracks: renderers and sources of graphs. `end`: there will
 * be no more; `close`: taken away.
 */
export class TrackTaps<T extends { readonly end: () => void; readonly close?: () => void }> {
  readonly #taps = new Map<string, Map<string, readonly T[]>>();
  /** Those that a user set, by participant and track. */
  readonly #set = new Map<string, { readonly tap: T; readonly remove: Cancel }>();
  #listener: TapsListener | undefined;

  /** Those of one track, in the order they came. */
  of(participantId: string, track: string): readonly T[] {
    return this.#taps.get(participantId)?.get(track) ?? nobody;
  }

  /** Any number may take beside each other. */
  add(participantId: string, track: string, tap: T): Cancel {
    const tracks = this.#taps.get(participantId) ?? new Map<string, readonly T[]>();
    this.#taps.set(participantId, tracks);
    const before = tracks.get(track) ?? nobody;
    tracks.set(track, [...before, tap]);
    if (before.length === 0) this.#listener?.(participantId, track, true);
    return () => this.#remove(participantId, track, tap);
  }

  /** The one that a user sets: takes the place of the former. */
  set(participantId: string, track: string, tap: T): Cancel {
    const key = `${participantId}/${track}`;
    const remove = this.add(participantId, track, tap);
    this.#set.get(key)?.remove();
    this.#set.set(key, { tap, remove });
    return () => {
      remove();
      if (this.#set.get(key)?.tap === tap) this.#set.delete(key);
    };
  }

  /** Tells of every track that is taken, now and later; one listener at a time. */
  follow(listener: TapsListener): Cancel {
    this.#listener = listener;
    for (const [participantId, tracks] of this.#taps)
      for (const track of tracks.keys()) listener(participantId, track, true);
    return () => {
      if (this.#listener === listener) this.#listener = undefined;
    };
  }

  /** The participant left. What a user set for one who may come back by the same id stays for that. */
  end(participantId: string, mayReturn = false): void {
    const tracks = this.#taps.get(participantId);
    if (tracks === undefined) return;
    this.#taps.delete(participantId);
    for (const [track, taps] of tracks) {
      const key = `${participantId}/${track}`;
      const kept = mayReturn ? this.#set.get(key) : undefined;
      if (kept === undefined) this.#set.delete(key);
      this.#listener?.(participantId, track, false);
      for (const tap of taps) if (tap !== kept?.tap) tap.end();
      if (kept !== undefined) this.add(participantId, track, kept.tap);
    }
  }

  /** The call is over. */
  clear(): void {
    for (const participantId of [...this.#taps.keys()]) this.end(participantId);
  }

  #remove(participantId: string, track: string, tap: T): void {
    const tracks = this.#taps.get(participantId);
    const taps = tracks?.get(track);
    if (tracks === undefined || taps?.includes(tap) !== true) return;
    tap.close?.();
    const rest = taps.filter((other) => other !== tap);
    if (rest.length > 0) {
      tracks.set(track, rest);
      return;
    }
    tracks.delete(track);
    if (tracks.size === 0) this.#taps.delete(participantId);
    this.#listener?.(participantId, track, false);
  }
}
