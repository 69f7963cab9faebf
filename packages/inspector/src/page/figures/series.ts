import type { Moment } from './past.ts';
import { writeCount, writeMs } from './written.ts';

/** What silence is told as, in dBFS: the bottom of a strip of levels. */
const SILENCE_DB = -60;

/** A number over time. */
export interface Series {
  readonly name: string;
  /** By moment; null where there was none. */
  readonly values: readonly (number | null)[];
  /** Bottom and top of its drawing. */
  readonly bottom: number;
  readonly top: number;
  readonly write: (value: number) => string;
}

/** Queue, drops, level and lateness of a graph over its moments: of one link where one is named, else of all together. */
export function seriesOf(moments: readonly Moment[], graph: number, link: string | undefined): readonly Series[] {
  const places = moments.map((moment) => placeIn(moment, graph, link));
  const over = (read: (place: Place, index: number) => number | null) =>
    places.map((place, index) => (place === undefined ? null : read(place, index)));
  const drops = over(({ dropped, moment }, index) => {
    const before = places[index - 1];
    return before?.moment.topology === moment.topology ? Math.max(0, dropped - before.dropped) : 0;
  });
  return [
    strip(
      'Queued',
      over(({ depthMs }) => Math.max(0, ...depthMs)),
      20,
      writeMs,
    ),
    strip('Dropped', drops, 4, (frames) => `${writeCount(frames)}/s`),
    {
      name: 'Level',
      values: over(({ level }) => loudest(level)),
      bottom: SILENCE_DB,
      top: 0,
      write: (db) => (db <= SILENCE_DB ? 'silence' : `${db.toFixed(0)} dB`),
    },
    strip(
      'Late',
      over(({ moment }) => moment.lagMs),
      5,
      writeMs,
    ),
  ];
}

interface Place {
  readonly moment: Moment;
  readonly dropped: number;
  readonly depthMs: readonly number[];
  readonly level: readonly (number | null)[];
}

/** What a moment has of a graph or of one of its links; undefined if it was not there. */
function placeIn(moment: Moment, graph: number, link: string | undefined): Place | undefined {
  const at = moment.sample.graphs.findIndex((one) => one.graph === graph);
  if (at < 0) return undefined;
  const { droppedFrames } = moment.sample.graphs[at]!.links;
  const [depthMs, level] = [moment.depthMs[at]!, moment.level[at]!];
  if (link === undefined)
    return { moment, dropped: droppedFrames.reduce<number>((sum, one) => sum + (one ?? 0), 0), depthMs, level };
  const index =
    moment.topology.graphs.find((one) => one.graph === graph)?.links.findIndex(({ id }) => id === link) ?? -1;
  if (index < 0) return undefined;
  return { moment, dropped: droppedFrames[index] ?? 0, depthMs: [depthMs[index]!], level: [level[index]!] };
}

function loudest(levels: readonly (number | null)[]): number | null {
  const heard = levels.filter((level) => level !== null);
  return heard.length === 0 ? null : Math.max(...heard);
}

function strip(name: string, values: readonly (number | null)[], least: number, write: Series['write']): Series {
  return { name, values, bottom: 0, top: Math.max(least, ...values.map((value) => value ?? 0)), write };
}
