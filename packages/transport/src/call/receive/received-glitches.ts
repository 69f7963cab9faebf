import { type Clock, type GlitchCounts, glitchRates } from '@sluice/core';
import type { TrackGlitches } from '../../devices/track-glitches.ts';
import type { RoomConnectionStats } from '../../room/driver.ts';
import { ReceivedTrack } from './received-track.ts';

/** Glitches of everything that a client hears in one call, each track by itself. */
export class ReceivedGlitches {
  readonly #clock: Clock;
  /** By participant id, by track name. */
  readonly #tracks = new Map<string, Map<string, ReceivedTrack>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Of a track that is or was received in this call; undefined before anything came of it. */
  of(participantId: string, track: string): GlitchCounts | undefined {
    return this.#tracks.get(participantId)?.get(track)?.counts;
  }

  list(): TrackGlitches[] {
    return [...this.#tracks].flatMap(([participantId, tracks]) =>
      [...tracks].map(([track, { counts }]) => ({
        edge: 'receiver' as const,
        kind: 'audio' as const,
        track,
        participantId,
        ...glitchRates(counts),
      })),
    );
  }

  /** Takes a piece of 10 ms. Does not keep the array. */
  take(participantId: string, track: string, samples: Int16Array): void {
    let tracks = this.#tracks.get(participantId);
    if (tracks === undefined) {
      tracks = new Map();
      this.#tracks.set(participantId, tracks);
    }
    let received = tracks.get(track);
    if (received === undefined) {
      received = new ReceivedTrack();
      tracks.set(track, received);
    }
    received.take(samples);
  }

  /** Whether the track, which is wanted, does not arrive at the moment. */
  arrival(participantId: string, track: string, state: 'arrives' | 'interrupted'): void {
    const received = this.#tracks.get(participantId)?.get(track);
    received?.[state](this.#clock.now());
  }

  measure(connections: readonly RoomConnectionStats[]): void {
    for (const { id, audio } of connections)
      for (const one of audio) this.#tracks.get(one.participantId)?.get(one.name)?.measure(id, one);
  }

  /** The participant left. */
  end(participantId: string): void {
    this.#tracks.delete(participantId);
  }

  /** The call is over. */
  clear(): void {
    this.#tracks.clear();
  }
}
