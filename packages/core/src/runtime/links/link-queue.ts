import type { Frame } from '../../media/frame.ts';
import type { ResolvedLinkOptions } from '../../node/link-options.ts';
import { Histogram } from '../../time/histogram.ts';
import { Ring } from '../ports/ring.ts';

/** What a picture takes of a link's capacity while nobody knows how long it is shown: 30 a second. */
const ASSUMED_PICTURE_MICROS = 33_333;
/** Every how many queued frames one is timed. */
const WAIT_SAMPLE = 16;

/** What waits on a link, in order: how much media that is, and how long a sample of it waited. */
export class LinkQueue {
  readonly #frames = new Ring<Frame>(16);
  readonly #capacity: Pick<ResolvedLinkOptions, 'frames' | 'micros'>;
  /** Time frames waited, in microseconds. */
  readonly wait = new Histogram();
  /** Media that waits, in microseconds. */
  micros = 0;
  #most = 0;
  #pushed = 0;
  #taken = 0;
  #timedFrame = -1;
  #timedAt = 0;

  constructor(capacity: Pick<ResolvedLinkOptions, 'frames' | 'micros'>) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#frames.size;
  }

  /** The most that waited. */
  get maxSize(): number {
    return this.#most;
  }

  /** Whether anything ever waited. */
  get used(): boolean {
    return this.#pushed > 0;
  }

  /** Whether it holds as much as it may. */
  get full(): boolean {
    return this.#frames.size >= this.#capacity.frames || this.micros >= this.#capacity.micros;
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
    this.micros += mediaOf(frame);
    if (this.#pushed++ % WAIT_SAMPLE === 0 && this.#timedFrame < 0) {
      this.#timedFrame = this.#taken + this.#frames.size - 1;
      this.#timedAt = performance.now();
    }
    if (this.#frames.size > this.#most) this.#most = this.#frames.size;
  }

  /** The oldest, which has waited long enough. */
  take(): Frame | undefined {
    if (this.#taken === this.#timedFrame) this.wait.record((performance.now() - this.#timedAt) * 1_000);
    return this.drop();
  }

  /** The oldest, which waited for nothing. */
  drop(): Frame | undefined {
    const frame = this.#frames.shift();
    if (frame === undefined) return undefined;
    if (this.#taken++ === this.#timedFrame) this.#timedFrame = -1;
    this.micros -= mediaOf(frame);
    return frame;
  }

  /** Puts what was dropped from the front behind all others. */
  putBack(frame: Frame): void {
    this.#taken--;
    this.micros += mediaOf(frame);
    this.#frames.push(frame);
  }

  /** The frame that is timed may be gone, or stand elsewhere. */
  timeNone(): void {
    this.#timedFrame = -1;
  }

  peek(): Frame | undefined {
    return this.#frames.peek();
  }
}

/** What a frame takes of a capacity in media time. Pictures of unknown duration would fill no link. */
function mediaOf(frame: Frame): number {
  const { duration = 0 } = frame;
  return duration === 0 && frame.kind === 'video' ? ASSUMED_PICTURE_MICROS : duration;
}
