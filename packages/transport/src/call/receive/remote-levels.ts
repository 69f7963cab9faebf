import { LevelMeter } from '../../level-meter.ts';
import type { RoomParticipant } from '../../room/driver.ts';

/** How loud the received tracks are, measured from their samples while somebody wants to know. */
export class RemoteLevels {
  /** By participant id, by track name; undefined while nobody wants to know. */
  #meters: Map<string, Map<string, LevelMeter>> | undefined;

  start(): void {
    this.#meters ??= new Map();
  }

  stop(): void {
    this.#meters = undefined;
  }

  /** Takes a piece. Does not keep the array. */
  take(participantId: string, track: string, samples: Int16Array): void {
    if (this.#meters === undefined) return;
    let tracks = this.#meters.get(participantId);
    if (tracks === undefined) {
      tracks = new Map();
      this.#meters.set(participantId, tracks);
    }
    let meter = tracks.get(track);
    if (meter === undefined) {
      meter = new LevelMeter();
      tracks.set(track, meter);
    }
    meter.take(samples);
  }

  /** Of each participant the loudest of its tracks that count, since it was read last. Forgets everybody else. */
  read(participants: ReadonlyMap<string, RoomParticipant>): Record<string, number> {
    const levels: Record<string, number> = {};
    for (const participant of participants.values()) levels[participant.id] = this.#level(participant);
    for (const id of this.#meters?.keys() ?? []) if (!participants.has(id)) this.#meters?.delete(id);
    return levels;
  }

  #level({ id, tracks }: RoomParticipant): number {
    let loudest = 0;
    for (const [name, meter] of this.#meters?.get(id) ?? []) {
      const level = meter.read();
      const counts = tracks.some((track) => track.name === name && !track.ignoreLevel);
      if (counts && level > loudest) loudest = level;
    }
    return loudest;
  }
}
