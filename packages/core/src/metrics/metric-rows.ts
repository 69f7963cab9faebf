import type { GraphSnapshot, LinkSnapshot, NodeSnapshot } from '../graph/snapshot.ts';
import type { VideoFramePoolStats } from '../media/video-frame-pool.ts';
import type { FrameAges } from '../runtime/links/arrivals.ts';

/** What a figure is called, what it counts, and where it is read: several values are told apart by one more label. */
export interface MetricRow<T> {
  /** By OpenTelemetry's naming: `sluice.link.frames`. */
  readonly name: string;
  /** UCUM: `s`, `By`, `1`, or what is counted in braces. */
  readonly unit: string;
  /** A counter only grows; a gauge goes both ways. */
  readonly type: 'gauge' | 'counter';
  /** What it counts, as a sentence for people. */
  readonly help: string;
  /** Takes the value from a snapshot; undefined where it has none just now. */
  readonly read: (one: T) => number | readonly (readonly [label: string, is: string, value: number])[] | undefined;
}

type Row<T> = readonly [name: string, unit: string, help: string, read: MetricRow<T>['read']];

/** Figures of one kind, whose names begin alike. @param prefix as `sluice.link` */
export const metricRows =
  (type: MetricRow<never>['type'], prefix: string) =>
  <T>(...list: readonly Row<T>[]): readonly MetricRow<T>[] =>
    list.map(([name, unit, help, read]) => ({ name: `${prefix}.${name}`, unit, type, help, read }));

/** Microseconds of a distribution as seconds. */
const shares = ({ p50, p99, max }: { readonly p50: number; readonly p99: number; readonly max: number }) =>
  [
    ['quantile', '0.5', p50 / 1e6],
    ['quantile', '0.99', p99 / 1e6],
    ['quantile', '1', max / 1e6],
  ] as const;

/** How old frames were, in seconds. */
const agesIn = ({ p50, p95, max }: FrameAges) =>
  [
    ['quantile', '0.5', p50 / 1e3],
    ['quantile', '0.95', p95 / 1e3],
    ['quantile', '1', max / 1e3],
  ] as const;

/** A capacity that is counted in the other unit is none. */
const finite = (value: number) => (Number.isFinite(value) ? value : undefined);

const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1_000);

/** Of a graph; labels: `graph`. */
export const graphRows: readonly MetricRow<GraphSnapshot>[] = metricRows('gauge', 'sluice.graph')<GraphSnapshot>(
  ['status', '1', '1 for the status the graph has.', ({ status }) => [['status', status, 1]]],
  ['uptime', 's', 'Time since the start.', ({ uptimeMs }) => uptimeMs / 1_000],
  ['epoch', '{epoch}', 'Grows with each interruption.', ({ epoch }) => epoch],
  ['problems', '{problem}', 'Problems that inspect() tells now.', ({ problems }) => problems.length],
);

/** Of a node; labels: `graph`, `node`. */
export const nodeRows: readonly MetricRow<NodeSnapshot>[] = [
  ...metricRows('gauge', 'sluice.node')<NodeSnapshot>(
    ['state', '1', '1 for the state the node is in.', ({ state }) => [['state', state, 1]]],
    ['held', '{frame}', 'Frames kept for later, or without room behind.', ({ held }) => held],
    ['waiting', '1', '1 while a full link behind makes it wait.', ({ waiting }) => Number(waiting)],
    ['paused', '1', '1 while it is paused.', ({ paused }) => Number(paused)],
    ['processing.duration', 's', 'Time for a frame since the start, sampled.', ({ processing }) => shares(processing)],
  ),
  ...metricRows('counter', 'sluice.node')<NodeSnapshot>(
    ['frames.in', '{frame}', 'Frames taken.', ({ framesIn }) => framesIn],
    ['frames.out', '{frame}', 'Frames given on.', ({ framesOut }) => framesOut],
    ['frames.stale', '{frame}', 'Frames that an interruption had made void.', ({ staleFrames }) => staleFrames],
    [
      'samples.invalid',
      '{sample}',
      'Samples that were no numbers, now silence.',
      ({ invalidSamples }) => invalidSamples,
    ],
    ['busy.duration', 's', 'Time for all frames, by the sample.', ({ processing }) => processing.total / 1e6],
    ['errors', '{error}', 'Errors, those that ended nothing too.', ({ errors }) => errors],
    ['restarts', '{restart}', 'Restarts after a failure.', ({ restarts }) => restarts],
    ['gaps', '{gap}', 'Gaps in sound that it played or heard.', ({ glitches }) => glitches?.gaps],
    ['gap.duration', 's', 'How long sound was missing in gaps.', ({ glitches }) => seconds(glitches?.gapMs)],
    ['concealed.duration', 's', 'Sound that was made up.', ({ glitches }) => seconds(glitches?.concealedMs)],
    ['played.duration', 's', 'How long sound played, gaps included.', ({ glitches }) => seconds(glitches?.playedMs)],
  ),
];

/** Of a link; labels: `graph`, `link`, `from`, `to`, `port`. */
export const linkRows: readonly MetricRow<LinkSnapshot>[] = [
  ...metricRows('counter', 'sluice.link')<LinkSnapshot>(
    ['frames', '{frame}', 'Frames that were put on the link.', ({ frames }) => frames],
    ['dropped.frames', '{frame}', 'Frames that its policy dropped.', ({ droppedFrames }) => droppedFrames],
    ['dropped.duration', 's', 'Media that its policy dropped.', ({ droppedMs }) => droppedMs / 1_000],
  ),
  ...metricRows('gauge', 'sluice.link')<LinkSnapshot>(
    ['queue.frames', '{frame}', 'Frames that wait.', ({ depth }) => depth],
    ['queue.duration', 's', 'Media that waits.', ({ depthMs }) => depthMs / 1_000],
    ['queue.memory', 'By', 'Samples and pixels that wait.', ({ depthBytes }) => depthBytes],
    ['queue.frames.max', '{frame}', 'The most that ever waited.', ({ maxDepth }) => maxDepth],
    [
      'capacity.frames',
      '{frame}',
      'Its room, where it is counted in frames.',
      ({ capacity }) => finite(capacity.frames),
    ],
    [
      'capacity.duration',
      's',
      'Its room, where it is counted in time.',
      ({ capacity }) => seconds(finite(capacity.ms)),
    ],
    ['full', '1', '1 while there is no room.', ({ full }) => Number(full)],
    ['wait.duration', 's', 'How long frames waited since the start, sampled.', ({ wait }) => shares(wait)],
    [
      'age.duration',
      's',
      'How old frames were when the receiver took them, of the last half minute, sampled.',
      ({ ageMs }) => ageMs && agesIn(ageMs),
    ],
  ),
];

/** Of the memory for pictures, which all graphs of a process share; no labels. */
export const poolRows: readonly MetricRow<VideoFramePoolStats>[] = [
  ...metricRows('gauge', 'sluice.pool')<VideoFramePoolStats>(
    ['open.buffers', '{buffer}', 'Pictures that are out with frames.', ({ openBuffers }) => openBuffers],
    ['open.memory', 'By', 'Memory that is out with frames.', ({ openBytes }) => openBytes],
    ['open.memory.max', 'By', 'The most that ever was.', ({ highestBytes }) => highestBytes],
    ['idle.memory', 'By', 'Memory that waits for its next use.', ({ idleBytes }) => idleBytes],
  ),
  ...metricRows('counter', 'sluice.pool')<VideoFramePoolStats>(
    ['requests', '{request}', 'Pictures that were asked for.', ({ requests }) => requests],
    ['misses', '{request}', 'Those of them that needed new memory.', ({ misses }) => misses],
    [
      'leaked',
      '{buffer}',
      'Frames that nobody closed, by the node that made them.',
      ({ leaked }) => Object.entries(leaked).map(([node, count]) => ['node', node, count] as const),
    ],
  ),
];

/** What was built into a graph tells of itself, by `Graph.figures`; labels: `graph`, `of`, `figure`. */
export const figureRow = {
  name: 'sluice.figure',
  unit: '1',
  type: 'gauge',
  help: 'A number that something built into the graph tells of itself.',
} as const;
