/** One moment of a run, for its report. */
export interface Moment {
  /** On the timeline, in milliseconds. */
  readonly atMs: number;
  readonly who: string;
  readonly what: string;
}

/** `12.345  anna    says "hello"`, one a line, in order. */
export function showTimeline(moments: readonly Moment[]): string[] {
  const width = Math.max(0, ...moments.map(({ who }) => who.length));
  return [...moments]
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ atMs, who, what }) => `${(atMs / 1_000).toFixed(3).padStart(9)}  ${who.padEnd(width)}  ${what}`);
}
