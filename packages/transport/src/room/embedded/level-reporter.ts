import type { Clock } from '@sluice/core';

/** How often levels are told, in milliseconds, and what is not worth telling, in dBFS. */
const REPORT_MS = 250;
const QUIET_DBFS = -55;
const FULL_SCALE = 32_768;

export interface ParticipantLevel {
  readonly id: string;
  readonly dbfs: number;
}

/** Measures how loud others are while their audio passes, and tells it a few times a second while somebody speaks. */
export class LevelReporter {
  readonly #clock: Clock;
  readonly #report: (levels: ParticipantLevel[]) => void;
  readonly #energy = new Map<string, { squares: number; count: number }>();
  #since: number;

  constructor(clock: Clock, report: (levels: ParticipantLevel[]) => void) {
    this.#clock = clock;
    this.#report = report;
    this.#since = clock.now();
  }

  take(id: string, samples: Int16Array): void {
    let squares = 0;
    for (let index = 0; index < samples.length; index++) squares += samples[index]! * samples[index]!;
    const energy = this.#energy.get(id);
    if (energy === undefined) this.#energy.set(id, { squares, count: samples.length });
    else {
      energy.squares += squares;
      energy.count += samples.length;
    }
    if (this.#clock.now() - this.#since >= REPORT_MS) this.#flush();
  }

  forget(id: string): void {
    this.#energy.delete(id);
  }

  #flush(): void {
    this.#since = this.#clock.now();
    const levels: ParticipantLevel[] = [];
    for (const [id, { squares, count }] of this.#energy) {
      const dbfs = 10 * Math.log10(squares / Math.max(count, 1) / FULL_SCALE ** 2);
      if (dbfs > QUIET_DBFS) levels.push({ id, dbfs: Math.min(0, Math.round(dbfs * 10) / 10) });
    }
    this.#energy.clear();
    if (levels.length > 0) this.#report(levels.slice(0, 64));
  }
}
