// The processes that speak, as many as are needed up to a bound, warm, replaced when they die, ended when nobody needs
// them. It knows no session and no text.

import { voiceError } from '@sluice/core/voice';
import type { SpeakMessage, Speech } from '../messages.ts';
import { FliteProcess, Refusal } from './flite-process.ts';

/** A sentence takes a tenth of a second; what takes so long, in milliseconds, never ends. */
const LONGEST_MS = 20_000;
/** How long a sentence that nobody wants any more may go on, in milliseconds. */
const LONGEST_UNWANTED_MS = 1_000;
/** So many deaths without a sentence between them: it will not do. */
const MOST_DEATHS = 3;

export interface ChildPoolOptions {
  /** Processes at most. */
  readonly children: number;
  /** How long one that has nothing to do is kept, in milliseconds. One is kept as long as somebody holds the pool. */
  readonly idleMs: number;
}

interface Job {
  readonly request: Omit<SpeakMessage, 'id'>;
  readonly signal: AbortSignal;
  readonly resolve: (speech: Speech) => void;
  readonly reject: (reason: unknown) => void;
}

export class ChildPool {
  readonly #options: ChildPoolOptions;
  readonly #start: () => FliteProcess;
  readonly #children = new Set<FliteProcess>();
  readonly #jobs: Job[] = [];
  readonly #idle = new Map<FliteProcess, NodeJS.Timeout>();
  #holders = 0;
  #deaths = 0;

  constructor(options: ChildPoolOptions, start: () => FliteProcess = () => new FliteProcess()) {
    this.#options = options;
    this.#start = start;
  }

  /** Of the processes that are there. */
  get pids(): number[] {
    return [...this.#children].flatMap(({ pid }) => pid ?? []);
  }

  /** Starts one if there is none; resolves when one is warm. */
  async warm(): Promise<void> {
    if (this.#children.size === 0) this.#add();
    try {
      await Promise.any([...this.#children].map(({ ready }) => ready));
    } catch (error) {
      throw this.#fault((error as AggregateError).errors[0]);
    }
  }

  /** Keeps one process warm until the returned function is called; with the last one all end. */
  hold(): () => Promise<void> {
    this.#holders++;
    let held = true;
    return async () => {
      if (!held) return;
      held = false;
      this.#holders--;
      if (this.#holders === 0) await Promise.all([...this.#children].map((child) => this.#end(child)));
    };
  }

  /**
   * Rejects with a `VoiceError`: `retry` where a process died or took too long, `fall-back` where that goes on or flite
   * cannot speak it. Rejects with the signal's reason when it aborts.
   */
  speak(request: Omit<SpeakMessage, 'id'>, signal: AbortSignal): Promise<Speech> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        const at = this.#jobs.indexOf(job);
        if (at >= 0) this.#jobs.splice(at, 1);
        reject(signal.reason);
      };
      const settled = () => signal.removeEventListener('abort', onAbort);
      const job: Job = {
        request,
        signal,
        resolve: (speech) => {
          settled();
          resolve(speech);
        },
        reject: (reason) => {
          settled();
          reject(reason);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#jobs.push(job);
      this.#next();
    });
  }

  #next(): void {
    if (this.#jobs.length === 0) return;
    for (const child of this.#idle.keys()) {
      const job = this.#jobs.shift();
      if (job === undefined) return;
      void this.#run(child, job);
    }
    const starting = [...this.#children].filter((child) => !child.busy && !this.#idle.has(child)).length;
    if (this.#jobs.length <= starting || this.#children.size >= this.#options.children) return;
    try {
      this.#add();
    } catch (error) {
      for (const { reject } of this.#jobs.splice(0)) reject(error);
    }
  }

  #add(): void {
    const child = this.#start();
    this.#children.add(child);
    void child.ended.then(() => {
      this.#forget(child);
      this.#next();
    });
    child.ready.then(
      () => this.#rest(child),
      (error: unknown) => {
        this.#forget(child);
        const fault = this.#fault(error);
        // It never spoke for anybody: the first who waits is told, the others get another one.
        this.#jobs.shift()?.reject(fault);
        this.#next();
      },
    );
  }

  async #run(child: FliteProcess, { request, signal, resolve, reject }: Job): Promise<void> {
    this.#wake(child);
    let limit = setTimeout(() => void child.kill(), LONGEST_MS);
    const onAbort = () => {
      clearTimeout(limit);
      limit = setTimeout(() => void child.kill(), LONGEST_UNWANTED_MS);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      resolve(await child.speak(request));
      this.#deaths = 0;
    } catch (error) {
      // One that was killed because nobody wanted it any more says nothing about flite.
      if (!signal.aborted) reject(this.#fault(error));
    } finally {
      clearTimeout(limit);
      signal.removeEventListener('abort', onAbort);
      this.#rest(child);
    }
  }

  #rest(child: FliteProcess): void {
    if (child.gone || !this.#children.has(child)) return;
    const timer = setTimeout(() => {
      if (this.#holders === 0 || this.#children.size > 1) void this.#end(child);
      else timer.refresh();
    }, this.#options.idleMs);
    timer.unref();
    this.#idle.set(child, timer);
    this.#next();
  }

  #end(child: FliteProcess): Promise<void> {
    this.#forget(child);
    return child.kill();
  }

  #forget(child: FliteProcess): void {
    this.#wake(child);
    this.#children.delete(child);
  }

  #wake(child: FliteProcess): void {
    clearTimeout(this.#idle.get(child));
    this.#idle.delete(child);
  }

  #fault(error: unknown): unknown {
    if (!(error instanceof Refusal)) return error;
    if (error.died) this.#deaths++;
    const category = error.died && this.#deaths < MOST_DEATHS ? 'retry' : 'fall-back';
    return voiceError(`it did not speak: ${error.message}`, { model: 'flite', category, cause: error });
  }
}
