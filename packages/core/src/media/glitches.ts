/** What was wrong with sound or pictures that played, in totals that only grow. */
export interface GlitchCounts {
  /** How often sound broke off in the middle, or pictures froze. */
  readonly gaps: number;
  /** How long nothing was heard in the middle of it, or the picture stood still, in milliseconds. */
  readonly gapMs: number;
  /** How much of it was made up instead, in milliseconds. */
  readonly concealedMs: number;
  /** How long it played, gaps and what was made up included, in milliseconds. Rates are of this time. */
  readonly playedMs: number;
}

/** Glitches of what plays, and how many they are in an hour. */
export interface Glitches extends GlitchCounts {
  /** Gaps in an hour of playing; 0 if nothing was played. What played for less than a minute counts as a minute. */
  readonly gapsPerHour: number;
  /** Milliseconds made up in an hour of playing; as for `gapsPerHour`. */
  readonly concealedMsPerHour: number;
}

const HOUR_MS = 3_600_000;
/** The least time that a rate is of, in milliseconds: one gap in the first second is not 3,600 an hour. */
const LEAST_MS = 60_000;

/** The counts of what has played nothing yet: all 0. */
export const noGlitches: GlitchCounts = { gaps: 0, gapMs: 0, concealedMs: 0, playedMs: 0 };

/** The counts with their rates for each hour that was played; of less than a minute they are those of a minute. */
export function glitchRates({ gaps, gapMs, concealedMs, playedMs }: GlitchCounts): Glitches {
  const perHour = (count: number) => (playedMs > 0 ? (count * HOUR_MS) / Math.max(playedMs, LEAST_MS) : 0);
  return {
    gaps,
    gapMs,
    concealedMs,
    playedMs,
    gapsPerHour: perHour(gaps),
    concealedMsPerHour: perHour(concealedMs),
  };
}

/** What has come since: none of it is below 0. */
export function glitchesSince(now: GlitchCounts, before: GlitchCounts): GlitchCounts {
  const grown = (name: keyof GlitchCounts) => Math.max(0, now[name] - before[name]);
  return {
    gaps: grown('gaps'),
    gapMs: grown('gapMs'),
    concealedMs: grown('concealedMs'),
    playedMs: grown('playedMs'),
  };
}

/** Counts glitches; may be called for every frame. */
export class GlitchTotals implements GlitchCounts {
  gaps = 0;
  gapMs = 0;
  concealedMs = 0;
  playedMs = 0;

  /** So much was played, in milliseconds; gaps and what was made up add theirs by themselves. */
  played(ms: number): void {
    this.playedMs += ms;
  }

  /** It broke off: silence for `ms` and `concealedMs` that were made up, in milliseconds. `count`: so many gaps together. */
  gap(ms: number, concealedMs = 0, count = 1): void {
    this.gaps += count;
    this.gapMs += ms;
    this.concealedMs += concealedMs;
    this.playedMs += ms + concealedMs;
  }

  /** Adds what somebody else has counted. */
  add({ gaps, gapMs, concealedMs, playedMs }: GlitchCounts): void {
    this.gaps += gaps;
    this.gapMs += gapMs;
    this.concealedMs += concealedMs;
    this.playedMs += playedMs;
  }
}
