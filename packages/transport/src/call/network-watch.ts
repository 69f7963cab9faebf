import type { Cancel, Clock } from '@sluice/core';
import type { TrackGlitches } from '../devices/track-glitches.ts';
import type { HostConnectionStats } from '../host/media-host.ts';
import { type NetworkHistory, noHistory } from './network-report.ts';
import { type NetworkMeasurement, type NetworkStats, networkStats } from './network-stats.ts';

/** How often a call is measured, in milliseconds: each connection costs the engine 0.4 ms. */
const EVERY_MS = 2_000;
/** The shortest time that a share is worth telling of. */
const SHORTEST_MS = 1_000;

export interface NetworkWatchOptions {
  readonly clock: Clock;
  readonly measure: () => Promise<readonly HostConnectionStats[]>;
  /** Of what was measured last. Default: none. */
  readonly glitches?: () => readonly TrackGlitches[];
  /** Told every two seconds while there is a connection, and whenever somebody asks. */
  readonly tell: (stats: NetworkStats) => void;
}

/** Measures the connections of a call all the time, so that what it tells is of just now, however seldom somebody asks. */
export class NetworkWatch {
  readonly #options: NetworkWatchOptions;
  /** The last two that were taken by the clock, the newest first. */
  #marks: readonly NetworkMeasurement[];
  #cancel: Cancel = () => {};
  #last: NetworkStats | undefined;
  #history: NetworkHistory = noHistory;
  #over = false;

  constructor(options: NetworkWatchOptions) {
    this.#options = options;
    this.#marks = [{ at: options.clock.now(), connections: [] }];
    this.#wake();
  }

  /** As it was told last. */
  get last(): NetworkStats | undefined {
    return this.#last;
  }

  /** Measures now, compared with one to four seconds ago. */
  async stats(): Promise<NetworkStats> {
    const { stats } = await this.#measure();
    this.#tell(stats);
    return stats;
  }

  close(): void {
    this.#over = true;
    this.#cancel();
  }

  #tell(stats: NetworkStats): void {
    this.#last = stats;
    this.#history = { ...stats.stats, threshold: stats.threshold };
    this.#options.tell(stats);
  }

  #wake(): void {
    const { clock } = this.#options;
    this.#cancel = clock.at(clock.now() + EVERY_MS, () => void this.#mark());
  }

  async #mark(): Promise<void> {
    try {
      const { now, stats } = await this.#measure();
      if (this.#over) return;
      this.#marks = [now, this.#marks[0]!];
      if (stats.connections > 0) this.#tell(stats);
    } catch {
      // The engine died; the next measurement is of its successor.
    }
    if (!this.#over) this.#wake();
  }

  async #measure(): Promise<{ readonly now: NetworkMeasurement; readonly stats: NetworkStats }> {
    const { clock, measure, glitches } = this.#options;
    const connections = await measure();
    const now = { at: clock.now(), connections };
    const before = this.#marks.find(({ at }) => now.at - at >= SHORTEST_MS) ?? this.#marks.at(-1)!;
    return { now, stats: { ...networkStats(now, before, this.#history), glitches: glitches?.() ?? [] } };
  }
}
