import { figureNames, type Moment, placeIn, rangeOf } from './moment.ts';
import { writeCount, writeMs, writeShare } from './written.ts';

/** What silence is told as, in dBFS: the bottom of a strip of levels. */
const SILENCE_DB = -60;

/** A number over time. */
export interface Series {
  readonly name: string;
  /** By moment; null where there was none. Of a moment that stands for several seconds, what it was at most. */
  readonly values: readonly (number | null)[];
  /** What it was at least, where moments may stand for several seconds. */
  readonly least?: readonly (number | null)[];
  /** Bottom and top of its drawing. */
  readonly bottom: number;
  readonly top: number;
  readonly write: (value: number) => string;
}

/** Of each figure the least that its top means, and how it is written. */
const drawn: Readonly<Record<(typeof figureNames)[number], readonly [top: number, write: Series['write']]>> = {
  Queued: [20, writeMs],
  Latency: [20, writeMs],
  Dropped: [4, (frames) => `${writeCount(frames)}/s`],
  Level: [0, (db) => (db <= SILENCE_DB ? 'silence' : `${db.toFixed(0)} dB`)],
  Late: [5, writeMs],
  CPU: [0.25, writeShare],
  Memory: [1, (mb) => `${Math.round(mb)} MB`],
  GC: [10, (ms) => `${writeMs(ms)}/s`],
};

/** Queue, age of frames, drops, level, lateness, and what the process takes, of a graph over its moments: of one link where one is named, else of all together. */
export function seriesOf(moments: readonly Moment[], graph: number, link: string | undefined): readonly Series[] {
  const ranges = moments.map((moment, index) => {
    const place = placeIn(moment, graph, link);
    return place && rangeOf(moment, moments[index - 1], place);
  });
  return figureNames.map((name, figure) => {
    const [top, write] = drawn[name];
    const values = ranges.map((range) => range?.most[figure] ?? null);
    const least = ranges.map((range) => range?.least[figure] ?? null);
    if (name === 'Level') return { name, values, least, bottom: SILENCE_DB, top, write };
    return { name, values, least, bottom: 0, top: Math.max(top, ...values.map((value) => value ?? 0)), write };
  });
}
