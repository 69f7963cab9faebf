import { type Clock, type GlitchCounts, glitchRates } from '@sluice/core';
import { trackKind } from '@sluice/protocol';
import type { TrackGlitches } from '../../devices/track-glitches.ts';
import { FreezeWatch } from '../../devices/video/freeze-watch.ts';
import type { LumaPicture } from '../../devices/video/picture-change.ts';
import type { RoomConnectionStats } from '../../room/driver.ts';
import { ReceivedTrack } from './received-track.ts';

/** Whether media of a track comes: it should and does not, or is not meant to. */
export type Arrival = 'arrives' | 'interrupted' | 'paused';

/** A track of which packets come that hold nothing to be heard. */
export interface ReceivedSilence {
  readonly participantId: string;
  readonly track: string;
  readonly problem: string;
}

/** Glitches of everything that a client hears and sees in one call, each track by itself. */
export class ReceivedGlitches {
  readonly #clock: Clock;
  readonly #sounds = new TrackTable(() => new ReceivedTrack());
  readonly #pictures = new TrackTable(() => new FreezeWatch());

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Of a track that is or was received in this call; undefined before anything came of it. */
  of(participantId: string, track: string): GlitchCounts | undefined {
    return (this.#sounds.find(participantId, track) ?? this.#pictures.find(participantId, track))?.counts;
  }

  /** What is wrong with tracks of sound of which packets come, each by its participant and name. */
  silences(isProgram: (participantId: string) => boolean): ReceivedSilence[] {
    return this.#sounds.all().flatMap(({ participantId, track, one }) => {
      const problem = one.problem(`the ${track} of ${participantId}`, isProgram(participantId));
      return problem === undefined ? [] : [{ participantId, track, problem }];
    });
  }

  list(): TrackGlitches[] {
    return [...this.#sounds.list(), ...this.#pictures.list()].map(({ participantId, track, counts }) => ({
      edge: 'receiver' as const,
      kind: trackKind(track),
      track,
      participantId,
      ...glitchRates(counts),
    }));
  }

  /** Takes a piece of 10 ms. Does not keep the array. */
  take(participantId: string, track: string, samples: Int16Array): void {
    this.#sounds.get(participantId, track).take(samples);
  }

  /** Looks at a picture. Does not keep it. */
  show(participantId: string, track: string, picture: LumaPicture): void {
    this.#pictures.get(participantId, track).picture(picture, this.#clock.now());
  }

  /** Whether the track comes at the moment. */
  arrival(participantId: string, track: string, state: Arrival): void {
    const pictures = this.#pictures.find(participantId, track);
    if (state === 'paused') pictures?.pause();
    if (state === 'interrupted') pictures?.interrupt();
    const sound = this.#sounds.find(participantId, track);
    if (state !== 'arrives') sound?.rests();
    if (state === 'interrupted') sound?.interrupted(this.#clock.now());
    else sound?.arrives(this.#clock.now());
  }

  measure(connections: readonly RoomConnectionStats[]): void {
    for (const { id, audio } of connections)
      for (const one of audio) this.#sounds.find(one.participantId, one.name)?.measure(id, one);
  }

  /** The participant left. */
  end(participantId: string): void {
    this.#sounds.delete(participantId);
    this.#pictures.delete(participantId);
  }

  /** The call is over. */
  clear(): void {
    this.#sounds.clear();
    this.#pictures.clear();
  }
}

/** What is counted of each track. */
class TrackTable<T extends { readonly counts: GlitchCounts }> {
  /** By participant id, by track name. */
  readonly #tracks = new Map<string, Map<string, T>>();
  readonly #create: () => T;

  constructor(create: () => T) {
    this.#create = create;
  }

  find(participantId: string, track: string): T | undefined {
    return this.#tracks.get(participantId)?.get(track);
  }

  get(participantId: string, track: string): T {
    let tracks = this.#tracks.get(participantId);
    if (tracks === undefined) {
      tracks = new Map();
      this.#tracks.set(participantId, tracks);
    }
    let one = tracks.get(track);
    if (one === undefined) {
      one = this.#create();
      tracks.set(track, one);
    }
    return one;
  }

  list(): { readonly participantId: string; readonly track: string; readonly counts: GlitchCounts }[] {
    return this.all().map(({ participantId, track, one: { counts } }) => ({ participantId, track, counts }));
  }

  all(): { readonly participantId: string; readonly track: string; readonly one: T }[] {
    return [...this.#tracks].flatMap(([participantId, tracks]) =>
      [...tracks].map(([track, one]) => ({ participantId, track, one })),
    );
  }

  delete(participantId: string): void {
    this.#tracks.delete(participantId);
  }

  clear(): void {
    this.#tracks.clear();
  }
}
