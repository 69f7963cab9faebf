import type { Clock } from '@sluice/core';
import { LevelMeter } from '../../level-meter.ts';

/** How often levels are told, in milliseconds, and what is not worth telling, in dBFS. */
const REPORT_MS = 250;
/** How often while only the speaker is heard whom all know: the server lets one be that for 1,500 ms after a report. */
const KNOWN_MS = 1_000;
const QUIET_DBFS = -55;

export interface ParticipantLevel {
  readonly id: string;
  readonly dbfs: number;
}

/** Measures how loud others are while their audio passes, and tells it a few times a second while somebody speaks. */
export class LevelReporter {
  readonly #clock: Clock;
  readonly #report: (levels: ParticipantLevel[]) => void;
  readonly #speaker: () => string | null;
  /** By participant id, by track name. */
  readonly #meters = new Map<string, Map<string, LevelMeter>>();
  #since: number;
  #toldAt = Number.NEGATIVE_INFINITY;
  /** The last of the known speaker that was not told. */
  #kept: ParticipantLevel[] = [];

  /** @param speaker who is known to speak; default: nobody */
  constructor(clock: Clock, report: (levels: ParticipantLevel[]) => void, speaker: () => string | null = () => null) {
    this.#clock = clock;
    this.#report = report;
    this.#speaker = speaker;
    this.#since = clock.now();
  }

  take(id: string, track: string, samples: Int16Array): void {
    let tracks = this.#meters.get(id);
    if (tracks === undefined) {
      tracks = new Map();
      this.#meters.set(id, tracks);
    }
    let meter = tracks.get(track);
    if (meter === undefined) {
      meter = new LevelMeter();
      tracks.set(track, meter);
    }
    meter.take(samples);
    if (this.#clock.now() - this.#since >= REPORT_MS) this.#flush();
  }

  forget(id: string): void {
    this.#meters.delete(id);
  }

  #flush(): void {
    const now = this.#clock.now();
    this.#since = now;
    const levels: ParticipantLevel[] = [];
    for (const [id, tracks] of this.#meters) {
      // A quiet track beside a loud one takes nothing from it.
      let level = 0;
      for (const meter of tracks.values()) level = Math.max(level, meter.read());
      const dbfs = 20 * Math.log10(level);
      if (dbfs > QUIET_DBFS) levels.push({ id, dbfs: Math.min(0, Math.round(dbfs * 10) / 10) });
    }
    if (levels.length === 1 && levels[0]!.id === this.#speaker() && now - this.#toldAt < KNOWN_MS) {
      this.#kept = levels;
      return;
    }
    // The last word counts, so that one is the speaker no shorter than if all had been told.
    const told = levels.length > 0 ? levels : this.#kept;
    this.#kept = [];
    if (told.length === 0) return;
    this.#toldAt = now;
    this.#report(told.slice(0, 64));
  }
}
