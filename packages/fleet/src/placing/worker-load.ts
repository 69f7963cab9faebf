// Which worker a job goes to, by what workers measure of themselves. No server: what was heard comes in as values.

/** What can be scarce on a worker. */
export interface LoadFigures {
  /** How late its event loop is, in milliseconds: the 90th percentile since the last beat. */
  readonly lagMs: number;
  /** CPU time of it and its child processes by wall time since the last beat; 1 is one core. */
  readonly cpu: number;
  /** Resident memory of it and its child processes, in MiB. */
  readonly memoryMb: number;
}

/** What a worker says of itself, twice a second. */
export interface WorkerLoad extends LoadFigures {
  /** Bots that run or start. */
  readonly bots: number;
  /** How many it takes. */
  readonly capacity: number;
  /** What it takes no job beyond. */
  readonly limits: LoadLimits;
  /** What bots that it has begun are expected to add: no measurement has all of it yet. Default nothing. */
  readonly begun?: LoadFigures;
  /** What one more bot is expected to take, as others did or as its factory says. Default nothing. */
  readonly more?: LoadFigures;
  /** Its system does not tell of child processes: `cpu` and `memoryMb` are of the worker's own process. Default false. */
  readonly alone?: boolean;
  /** Bots that have no place any more, since they were stopped and aborted, and whose `run()` goes on. Default 0. */
  readonly stuck?: number;
}

/** Beyond which load a worker takes no job. What runs goes on. */
export interface LoadLimits {
  /** Default 100 ms. */
  readonly lagMs: number;
  /** Default 0.85 cores. */
  readonly cpu: number;
  /** Default 2,048 MiB. */
  readonly memoryMb: number;
}

/** Figures in the order in which a refusal names them. */
const FIGURES = ['lagMs', 'cpu', 'memoryMb'] as const;
/** Sums of shares of a limit end a rounding error above it. */
const ROUNDING = 1 + 1e-9;

const PHRASES: Readonly<Record<keyof LoadFigures, (value: number) => string>> = {
  lagMs: (value) => `${Math.round(value)} ms late`,
  cpu: (value) => `at ${value.toFixed(2)} cores`,
  memoryMb: (value) => `at ${Math.round(value)} MiB`,
};

/** How full a worker is, with what it has begun: 0 is idle, 1 takes nothing more. What is scarcest counts. */
export function fullness(load: WorkerLoad): number {
  const { bots, capacity, limits, begun } = load;
  return Math.max(bots / capacity, ...FIGURES.map((one) => (load[one] + (begun?.[one] ?? 0)) / limits[one]));
}

/**
 * Why a worker takes no job now; undefined where it does. One without a bot is given one whatever that is expected to take: it would be
 * given none ever after.
 */
export function refusalOf(load: WorkerLoad): string | undefined {
  const { bots, capacity, limits, begun, more } = load;
  if (bots >= capacity) return `it has ${bots} of ${capacity} bots`;
  for (const one of FIGURES) {
    const limit = limits[one];
    const phrase = PHRASES[one];
    if (load[one] > limit) return `it is ${phrase(load[one])}, and ${limit} is its limit`;
    const expected = load[one] + (begun?.[one] ?? 0) + (more?.[one] ?? 0);
    if (bots > 0 && expected > limit * ROUNDING)
      return `with what it has begun and one bot more it would be ${phrase(expected)}, and ${limit} is its limit`;
  }
  return undefined;
}

/** What several take together. */
export function sumOf(costs: readonly LoadFigures[]): LoadFigures {
  const sum = (one: keyof LoadFigures) => costs.reduce((total, cost) => total + cost[one], 0);
  return { lagMs: sum('lagMs'), cpu: sum('cpu'), memoryMb: sum('memoryMb') };
}

/** Of each figure the least. */
export function leastOf(costs: readonly LoadFigures[]): LoadFigures {
  const least = (one: keyof LoadFigures) => Math.min(...costs.map((cost) => cost[one]));
  return { lagMs: least('lagMs'), cpu: least('cpu'), memoryMb: least('memoryMb') };
}
