/** What a simulated fleet has to do, and what befalls it. Times are virtual milliseconds, shares from 0 to 1. */
export interface Hardships {
  readonly name: string;
  /** In what time all rooms come. */
  readonly overMs: number;
  /** Rooms of one size, or of many (Zipf): most are small, the largest take forty times as much. */
  readonly sizes: 'even' | 'zipf';
  /** Share of what workers tell of themselves that nobody hears. */
  readonly lostBeats?: number;
  /** How late it is heard at most: loads by which jobs are placed are as old. */
  readonly lateBeatsMs?: number;
  /** Share of the jobs that are queued twice: an answer was lost, and who asked has asked again. */
  readonly queuedTwice?: number;
  /** How long half of the bots take to start, the others longer: one in a hundred eight times as long. Default 300. */
  readonly startsMs?: number;
  /** By how much the clocks of workers are faster or slower at most. */
  readonly clockSkew?: number;
  /** A rack dies in one moment, with a tenth of all workers. */
  readonly rackDiesMs?: number;
  /** NATS goes, and comes back after a minute; what was asked meanwhile is asked by all at once. */
  readonly natsGoesMs?: number;
  /** Share of all workers that are replaced one after the other while rooms come. */
  readonly drained?: number;
  /** Share of all workers that stand still for longer than a lease once, and go on as if nothing was. */
  readonly stalled?: number;
}

const rough = {
  sizes: 'zipf',
  lostBeats: 0.2,
  lateBeatsMs: 1_500,
  queuedTwice: 0.02,
  startsMs: 1_500,
  clockSkew: 0.02,
} as const;

/** From fair weather to all at once. */
export const scenes: readonly Hardships[] = [
  { name: 'in five minutes', overMs: 300_000, sizes: 'even' },
  { name: 'in a minute', overMs: 60_000, sizes: 'even' },
  { name: 'of unlike sizes', overMs: 60_000, sizes: 'zipf' },
  { name: 'with late and lost loads, skewed clocks and slow starts', overMs: 60_000, ...rough },
  { name: 'a rack dies', overMs: 60_000, ...rough, rackDiesMs: 50_000 },
  { name: 'a tenth of the workers is drained meanwhile', overMs: 60_000, ...rough, drained: 0.1 },
  { name: 'one in twenty workers stands still for longer than its lease', overMs: 60_000, ...rough, stalled: 0.05 },
  { name: 'NATS is away for a minute', overMs: 60_000, ...rough, natsGoesMs: 20_000 },
  {
    name: 'all of it',
    overMs: 60_000,
    ...rough,
    rackDiesMs: 95_000,
    drained: 0.1,
    stalled: 0.05,
    natsGoesMs: 20_000,
  },
];
