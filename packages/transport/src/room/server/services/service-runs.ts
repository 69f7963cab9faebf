// What a room does for its participants beside passing messages on: recordings and transcriptions that run.

import type { Cancel, Clock } from '@sluice/core';
import { createId } from '@sluice/protocol';
import { DenialError } from '../denial-error.ts';
import type { ServiceEntry } from '../room-services.ts';
import { within } from './within.ts';

/** A service that has not begun, or not ended, by then has failed. Milliseconds. */
const START_MS = 20_000;
const STOP_MS = 60_000;
/** As many as a welcome tells of. */
const MOST = 16;

/** What a service does once it runs. */
interface Running<Settings> {
  update(settings: Settings): Promise<void>;
  stop(): Promise<void>;
  readonly ended: Promise<void>;
}

/** One that was asked for. */
export interface Run<Settings> {
  /** Stream id or instance id. */
  readonly key: string;
  /** Names this one run. */
  readonly id: string;
  /** Participant id; null: the room itself. */
  readonly startedBy: string | null;
  settings: Settings;
  over: boolean;
}

interface Held<Settings> extends Run<Settings> {
  readonly close: () => void;
  /** Settles when it runs, or failed to. */
  started: Promise<unknown>;
  running: Running<Settings> | undefined;
  stopping: Promise<void> | undefined;
  /** Who ended it; null as long as nobody did. */
  endedBy: string | null;
  cancelEnd: Cancel;
}

export interface ServiceRunsOptions<Settings> {
  readonly clock: Clock;
  /** An entry for one service, and what takes it back. */
  readonly enter: () => { readonly entry: ServiceEntry; readonly close: () => void };
  readonly start: (run: Run<Settings>, entry: ServiceEntry) => Promise<Running<Settings>>;
  /** How long it may run at most, in seconds. */
  readonly maxDuration: (settings: Settings) => number | undefined;
  readonly news: {
    /** It is about to begin: nothing is heard by it yet. */
    readonly started: (run: Run<Settings>) => void;
    readonly updated: (run: Run<Settings>, by: string | null) => void;
    readonly stopped: (run: Run<Settings>, by: string | null) => void;
    readonly failed: (run: Run<Settings>, message: string) => void;
  };
}

/** The services of one kind in one room. What one of them does wrong ends nothing but itself. */
export class ServiceRuns<Settings extends object> {
  readonly #options: ServiceRunsOptions<Settings>;
  readonly #runs = new Map<string, Held<Settings>>();
  /** What one is called that nobody gave a key. */
  readonly #unnamed = createId();
  /** How often all of them were ended. */
  #ends = 0;

  constructor(options: ServiceRunsOptions<Settings>) {
    this.#options = options;
  }

  get running(): readonly Run<Settings>[] {
    return [...this.#runs.values()];
  }

  /**
   * Begins one. Resolves with its key when it runs.
   *
   * @throws DenialError `state` if one of this key runs, unless `forceNew` ends that first, `rate`, `failed`.
   */
  async start(key = this.#unnamed, by: string | null, settings: Settings, forceNew = false): Promise<string> {
    const before = this.#runs.get(key);
    if (before !== undefined) {
      if (!forceNew) throw new DenialError('state', 'it runs already');
      const ends = this.#ends;
      await this.#end(before, by).catch(() => {});
      if (this.#ends !== ends) throw new DenialError('state', 'everything was ended meanwhile');
    }
    if (this.#runs.has(key)) throw new DenialError('state', 'it runs already');
    if (this.#runs.size >= MOST) throw new DenialError('rate', `${MOST} run already, which is the most`);
    const { entry, close } = this.#options.enter();
    const run: Held<Settings> = {
      key,
      id: createId(),
      startedBy: by,
      settings,
      close,
      started: Promise.resolve(),
      running: undefined,
      stopping: undefined,
      endedBy: null,
      cancelEnd: () => {},
      over: false,
    };
    this.#runs.set(key, run);
    this.#options.news.started(run);
    const starting = this.#begin(run, entry);
    run.started = starting.catch(() => {});
    await starting;
    return key;
  }

  /** Ends one, or all where no key is given. Resolves when everything is written. */
  async stop(key: string | undefined, by: string | null): Promise<void> {
    const runs = key === undefined ? [...this.#runs.values()] : [this.#find(key)];
    if (runs.length === 0) throw new DenialError('state', 'none runs');
    const ends = await Promise.allSettled(runs.map((run) => this.#end(run, by)));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Changes one, or the only one where no key is given. `change` makes its new settings of those it has. */
  async update(key: string | undefined, by: string | null, change: (settings: Settings) => Settings): Promise<void> {
    const run = this.#find(key);
    await run.started;
    if (run.over || run.running === undefined) throw new DenialError('state', 'it does not run any more');
    const settings = change(run.settings);
    try {
      await within(this.#options.clock, START_MS, run.running.update(settings));
    } catch (error) {
      throw new DenialError('failed', textOf(error));
    }
    run.settings = settings;
    if (run.over) return;
    this.#limit(run);
    this.#options.news.updated(run, by);
  }

  /** Ends all of them, whatever they say. */
  async endAll(): Promise<void> {
    this.#ends++;
    await Promise.allSettled([...this.#runs.values()].map((run) => this.#end(run, null)));
  }

  #find(key: string | undefined): Held<Settings> {
    const run = key === undefined ? [...this.#runs.values()][0] : this.#runs.get(key);
    if (run === undefined) throw new DenialError('state', 'it does not run');
    if (key === undefined && this.#runs.size > 1) throw new DenialError('state', 'several run: say which');
    return run;
  }

  async #begin(run: Held<Settings>, entry: ServiceEntry): Promise<void> {
    const { clock, start } = this.#options;
    const starting = attempt(() => start(run, entry));
    try {
      run.running = await within(clock, START_MS, starting);
    } catch (error) {
      // One that begins too late ends at once.
      starting.then((late) => attempt(() => late.stop())).catch(() => {});
      this.#failed(run, error);
      throw new DenialError('failed', textOf(error));
    }
    Promise.resolve(run.running.ended).then(
      // A service that is told to stop may say here that it ended before it says so there.
      () => this.#over(run) && this.#options.news.stopped(run, run.endedBy),
      (error) => this.#failed(run, error),
    );
    this.#limit(run);
  }

  #limit(run: Held<Settings>): void {
    const { clock, maxDuration } = this.#options;
    const seconds = maxDuration(run.settings);
    run.cancelEnd();
    run.cancelEnd = () => {};
    if (seconds === undefined) return;
    run.cancelEnd = clock.at(clock.now() + seconds * 1000, () => void this.#end(run, null).catch(() => {}));
  }

  /** Once for each run, however many ask for it. */
  #end(run: Held<Settings>, by: string | null): Promise<void> {
    if (run.stopping === undefined) {
      run.endedBy = by;
      run.stopping = this.#stopping(run);
    }
    return run.stopping;
  }

  async #stopping(run: Held<Settings>): Promise<void> {
    await run.started;
    if (run.over || run.running === undefined) return;
    const { running } = run;
    try {
      await within(
        this.#options.clock,
        STOP_MS,
        attempt(() => running.stop()),
      );
    } catch (error) {
      this.#failed(run, error);
      throw new DenialError('failed', textOf(error));
    }
    if (this.#over(run)) this.#options.news.stopped(run, run.endedBy);
  }

  #failed(run: Held<Settings>, error: unknown): void {
    if (this.#over(run)) this.#options.news.failed(run, textOf(error));
  }

  /** Returns false if it was over already. */
  #over(run: Held<Settings>): boolean {
    if (run.over) return false;
    run.over = true;
    run.cancelEnd();
    run.close();
    if (this.#runs.get(run.key) === run) this.#runs.delete(run.key);
    return true;
  }
}

/** A promise also where the work throws at once. */
async function attempt<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, 400);
}
