/** A worker of a fleet that can be shown: what it says of itself. */
export interface InspectedWorker {
  /** Its name. */
  readonly worker: string;
  /** Names of what it makes bots with. */
  readonly factories: readonly string[];
  /** It takes no job, and gives away those that it has. */
  readonly draining: boolean;
  /** What it has to do, and beyond which load it takes no job. */
  readonly load: WorkerLoadRow;
}

/** How full a worker is. */
export interface WorkerLoadRow {
  /** Bots that run or start. */
  readonly bots: number;
  /** How many it takes. */
  readonly capacity: number;
  /** How late its event loop is, in milliseconds. */
  readonly lagMs: number;
  /** Its CPU time by wall time; 1 is one core. */
  readonly cpu: number;
  /** Its resident memory, in MiB. */
  readonly memoryMb: number;
  /** In the units of the three before. */
  readonly limits: { readonly lagMs: number; readonly cpu: number; readonly memoryMb: number };
}

/** A job of a fleet that can be shown. What it was given and what its bot keeps are not asked for. */
export interface InspectedJob {
  /** Its name. */
  readonly job: string;
  /** The name under which workers offer what builds its bot. */
  readonly factory: string;
  /** `queued`, `starting`, `running`, `ended`, `failed`, `cancelled`. */
  readonly state: string;
  /** Who runs it; null for nobody. */
  readonly worker: string | null;
  /** Who still runs it until the next one is ready; null for nobody. */
  readonly from: string | null;
  /** How many workers have begun it. */
  readonly tries: number;
  /** How many of them died with it. */
  readonly losses: number;
  /** When its state changed, in milliseconds since 1970. */
  readonly at: number;
  /** Why its bot could not be moved the last time; null where it could. */
  readonly moveFailure: { readonly code: string; readonly message: string } | null;
  /** Why it failed; null where it did not. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** A fleet that can be shown. A `Fleet` of `@sluice/fleet` is one; it is asked, and nothing of it is changed. */
export interface InspectedFleet {
  /** Those that live, in any order. */
  readonly workers: readonly InspectedWorker[];
  /** All jobs that are not settled, and those that were not long ago. */
  jobs(): Promise<readonly InspectedJob[]>;
}

/** A fleet at one moment. */
export interface FleetSample {
  /** What messages call it: names may be the same. */
  readonly fleet: number;
  /** As `addFleet` was told. */
  readonly name: string;
  /** By name. */
  readonly workers: readonly InspectedWorker[];
  /** How many jobs there are, by state. */
  readonly counts: Readonly<Record<string, number>>;
  /** Those that somebody has to do something about first, then the newest; 500 at most. */
  readonly jobs: readonly InspectedJob[];
  /** When the jobs were read last, in milliseconds since 1970; null before the first time. */
  readonly readAt: number | null;
  /** Why they could not be read since: the server is away, for example. */
  readonly fault?: string | undefined;
}

/** Once a second, where there are fleets: all of them. */
export interface Fleets {
  readonly type: 'fleets';
  /** Milliseconds since 1970. */
  readonly t: number;
  /** In the order in which they were added. */
  readonly fleets: readonly FleetSample[];
}
