import { type Cancel, checkKeys, type Graph, invalidArgument } from '@sluice/core';
import type { InspectMessage, Sample } from '../protocol/messages.ts';
import { helloOf } from '../server/hello.ts';
import { Hub } from '../server/hub.ts';

/** What goes into the file of {@link recordInspection}. */
export interface RecordInspectionOptions {
  /** Whether what was said is told with its words. Default: false, only who spoke when. */
  readonly words?: boolean;
}

/** A file has a sample a second, the page five: it keeps no more of what is past. */
const SAMPLES_APART = 5;

/**
 * Looks at a graph for a session's file, as a page would once a second: who opens the file in the inspector sees it as it was.
 * Returns what ends it: it looks once more before, so that nothing of the end is missing, and must be called while `write` still
 * writes. It keeps no process alive.
 *
 * @param write takes each message: `(message) => session.inspect(message)` of `recordSession`
 * @throws TypeError for what is no graph, no function, and for options
 */
export function recordInspection(
  graph: Graph,
  write: (message: InspectMessage) => void,
  options: RecordInspectionOptions = {},
): Cancel {
  checkKeys<RecordInspectionOptions>('recordInspection', options, { words: true });
  if (typeof graph?.inspect !== 'function') throw invalidArgument('recordInspection.graph', 'a graph', graph);
  if (typeof write !== 'function') throw invalidArgument('recordInspection.write', 'a function', write);
  const access = { media: options.words === true, control: false };
  const hub = new Hub(access);
  hub.add(graph);
  write(helloOf(access));
  let samples = 0;
  let ends = false;
  let loudest: Sample | undefined;
  hub.enter({
    isAway: false,
    tell: (_type, json) => write(JSON.parse(json) as InspectMessage),
    sample: ({ sample }) => {
      loudest = withPeaksOf(loudest, sample);
      if (samples++ % SAMPLES_APART !== 0 && !ends) return;
      write(loudest);
      loudest = undefined;
    },
    topologyChanged: () => {},
    flush: () => {},
  });
  return () => {
    if (ends) return;
    ends = true;
    hub.look();
    hub.close();
  };
}

/** The sample with the peaks of those that are not written: a level is of the time since the one before. */
function withPeaksOf(before: Sample | undefined, sample: Sample): Sample {
  if (before?.revision !== sample.revision) return sample;
  const graphs = sample.graphs.map((graph, at) => {
    const peaks = before.graphs[at]!.links.level;
    const level = graph.links.level.map((db, link) => louder(db, peaks[link] ?? null));
    return { ...graph, links: { ...graph.links, level } };
  });
  return { ...sample, graphs };
}

function louder(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
