import type { Clock } from '@sluice/core';
import { LevelMeter } from '../../level-meter.ts';

/** How often levels are told, in milliseconds, and what is not worth telling, in dBFS. */
const REPORT_MS = 250;
const QUIET_DBFS = -55;

export interface ParticipantLevel {
  readonly id: string;
  readonly dbfs: number;
}

/** Measures how loud others are while their audio passes, and tells it a few times a second while somebody speaks. */
export class LevelReporter {
  readonly #clock: Clock;
  readonly #report: (levels: ParticipantLevel[]) => void;
  /** By participant id, by track name. */
  readonly #meters = new Map<string, Map<string, LevelMeter>>();
  #since: number;

  constructor(clock: Clock, report: (levels: ParticipantLevel[]) => void) {
    this.#clock = clock;
    this.#report = report;
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
    this.#since = this.#clock.now();
    const levels: ParticipantLevel[] = [];
    for (const [id, tracks] of this.#meters) {
      // A quiet track beside a loud one takes nothing from it.
      let level = 0;
      for (const meter of tracks.values()) level = Math.max(level, meter.read());
      const dbfs = 20 * Math.log10(level);
      if (dbfs > QUIET_DBFS) levels.push({ id, dbfs: Math.min(0, Math.round(dbfs * 10) / 10) });
    }
    if (levels.length > 0) this.#report(levels.slice(0, 64));
  }
}
