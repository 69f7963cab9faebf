import { Session } from 'node:inspector';
import { Stretches } from './stretches.ts';

interface CoveredFunction {
  readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
}
interface TakenCoverage {
  readonly result: readonly {
    readonly scriptId: string;
    readonly url: string;
    readonly functions: readonly CoveredFunction[];
  }[];
}

/**
 * From when this module is loaded: V8 counts blocks only in functions that it compiles after this, and it does not take up
 * again what was stopped.
 */
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/**
 * Which blocks of our own code ran since one looked last, by V8's precise coverage. One at a time in a process: V8 counts
 * for everybody in it.
 */
export class BlockCoverage {
  readonly #guides: (url: string) => boolean;
  /** By script and beginning of the function: an inner function is not run because the outer one is. */
  readonly #functions = new Map<string, Stretches>();
  readonly #urls = new Set<string>();
  #blocks = 0;

  /** @param guides whether the blocks of the script with this URL count */
  constructor(guides: (url: string) => boolean) {
    this.#guides = guides;
    read();
  }

  /** Stretches of code that ran so far, each between two places where a run could go another way. */
  get blocks(): number {
    return this.#blocks;
  }

  /** Scripts of which something ran. */
  get urls(): readonly string[] {
    return [...this.#urls];
  }

  /**
   * How many blocks ran since the last call that never did before.
   *
   * @param learn whether they count as known from now on
   */
  take(learn = true): number {
    let fresh = 0;
    for (const { scriptId, url, functions } of read()) {
      if (!this.#guides(url)) continue;
      this.#urls.add(url);
      for (const { ranges } of functions) {
        const { startOffset, endOffset, count } = ranges[0]!;
        if (count === 0) continue;
        const key = `${scriptId}:${startOffset}:${endOffset}`;
        let left = this.#functions.get(key);
        if (left === undefined) {
          left = new Stretches(startOffset, endOffset);
          this.#functions.set(key, left);
        }
        if (!left.empty) fresh += left.run(ranges, learn);
      }
    }
    if (learn) this.#blocks += fresh;
    return fresh;
  }
}

function read(): TakenCoverage['result'] {
  let taken: TakenCoverage['result'] = [];
  // Within one thread the answer comes before `post` returns.
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error !== null) throw error;
    taken = result;
  });
  return taken;
}
