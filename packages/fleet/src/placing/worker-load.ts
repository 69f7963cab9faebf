// Which worker a job goes to, by what workers measure of themselves. No server: what was heard comes in as values.

/** What a worker says of itself, twice a second. */
export interface WorkerLoad {
  /** Bots that run or start. */
  readonly bots: number;
  /** How many it takes. */
  readonly capacity: number;
  /** How late its event loop is, in milliseconds: the 90th percentile of the last second. */
  readonly lagMs: number;
  /** Its CPU time by wall time of the last second; 1 is one core. */
  readonly cpu: number;
  /** Its resident memory, in MiB. */
  readonly memoryMb: number;
  /** What it takes no job beyond. */
  readonly limits: LoadLimits;
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

/** How full a worker is: 0 is idle, 1 takes nothing more. What is scarcest counts. */
export function fullness({ bots, capacity, lagMs, cpu, memoryMb, limits }: WorkerLoad): number {
  return Math.max(bots / capacity, lagMs / limits.lagMs, cpu / limits.cpu, memoryMb / limits.memoryMb);
}

/** Why a worker takes no job now; undefined where it does. */
export function refusalOf({ bots, capacity, lagMs, cpu, memoryMb, limits }: WorkerLoad): string | undefined {
  if (bots >= capacity) return `it has ${bots} of ${capacity} bots`;
  if (lagMs > limits.lagMs) return `its loop is ${Math.round(lagMs)} ms late, and ${limits.lagMs} is its limit`;
  if (cpu > limits.cpu) return `it uses ${cpu.toFixed(2)} cores, and ${limits.cpu} is its limit`;
  if (memoryMb > limits.memoryMb) return `it uses ${Math.round(memoryMb)} MiB, and ${limits.memoryMb} is its limit`;
  return undefined;
}
