import type { Frame } from '../../media/frame.ts';
import type { Gap } from '../../media/gap.ts';
import type { Clock } from '../../time/clock.ts';
import type { Micros } from '../../time/units.ts';

/** How far the time of a stream that goes on with the clock may lag behind it over a cut, in microseconds. */
const LATE_MICROS = 100_000;
/** How far it may be ahead: what its sender had not sent yet was cut as well. */
const AHEAD_MICROS = 1_000_000;

/**
 * Media that an interruption cut on its way to a sink. It is missing there if what comes next goes on behind it, in the time of
 * the clock: a microphone that was recorded does, speech that was made ahead and is made anew does not.
 */
export class CutMedia {
  readonly #clock: Clock;
  readonly #cutMs: number;
  #begin: number | undefined;
  #end = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#cutMs = clock.now();
  }

  /** One that was cut; in order. */
  readonly add = ({ timestamp, duration, gap }: Frame): void => {
    this.#begin ??= timestamp - (gap?.duration ?? 0);
    this.#end = timestamp + (duration ?? 0);
  };

  get isEmpty(): boolean {
    return this.#begin === undefined;
  }

  /** What is missing before the first frame behind it, beside `known`, a gap that is told of anyway. */
  gapBefore(frame: Frame, known: Gap | undefined): Gap | undefined {
    const begin = this.#begin ?? frame.timestamp;
    const other = (known?.duration ?? 0) + (frame.gap?.duration ?? 0);
    const duration = frame.timestamp - begin - other;
    const ahead = frame.timestamp - this.#end - other - (this.#clock.now() - this.#cutMs) * 1_000;
    if (duration <= 0 || ahead < -LATE_MICROS || ahead > AHEAD_MICROS) return undefined;
    return { duration: duration as Micros, reason: 'interrupted' };
  }
}
