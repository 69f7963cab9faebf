import { Histogram } from '../../time/histogram.ts';

/** Every how many frames the processing time is taken. A look at the clock costs 30 ns, a hop not much more. */
export const TIME_SAMPLE = 128;

/** With its first frames an actor's code is compiled and its memory taken: what they take says nothing of the others. */
const WARM_UP_FRAMES = 100;

/** A frame that takes longer holds everybody up, in nanoseconds: 5 ms is a quarter of a 20 ms frame. */
export const SLOW_NANOS = 5e6;

/** A call that is timed, and the time that nested ones took of it, in milliseconds. */
export interface TimedCall {
  readonly caller: TimedCall | undefined;
  readonly start: number;
  nested: number;
}

/** The timed call that is on the stack right now: the time of nested actors is taken off their callers'. */
let timed: TimedCall | undefined;

/** How long an actor takes for a frame, in nanoseconds, without what other actors did meanwhile. A sample of all frames. */
export class ProcessingTime {
  readonly histogram = new Histogram();
  /** The longest of them after the first hundred frames. */
  slowest = 0;
  /** How many of these were slow. */
  slow = 0;
  /** Time for all frames so far: each that was timed stands for those since the one before it. */
  total = 0;
  #timedFrame = 0;
  #untilTimed = 1;

  /** Whether the next frame is to be timed: one of the sample, or inside of one that is. */
  get due(): boolean {
    return timed !== undefined || --this.#untilTimed === 0;
  }

  /** A frame is handled from now on, until `end`. */
  begin(): TimedCall {
    timed = { caller: timed, start: performance.now(), nested: 0 };
    return timed;
  }

  /**
   * Returns whether it was slow, behind the first hundred.
   *
   * @param frame its number
   * @param sample every how many frames one is timed
   */
  end({ caller, start, nested }: TimedCall, frame: number, sample: number): boolean {
    const elapsed = performance.now() - start;
    timed = caller;
    if (caller !== undefined) caller.nested += elapsed;
    // Nested ones too: a line of actors is timed together, not once for the sake of each.
    this.#untilTimed = sample;
    const nanos = (elapsed - nested) * 1e6;
    this.histogram.record(nanos);
    this.total += nanos * (frame - this.#timedFrame);
    this.#timedFrame = frame;
    if (frame <= WARM_UP_FRAMES) return false;
    if (nanos > this.slowest) this.slowest = nanos;
    if (nanos <= SLOW_NANOS) return false;
    this.slow += 1;
    return true;
  }
}
