import type { Frame } from '../../media/frame.ts';
import type { ResolvedLinkOptions } from '../../node/link-options.ts';
import { Histogram } from '../../time/histogram.ts';
import { Ring } from '../ports/ring.ts';

/** What a picture takes of a link's capacity while nobody knows how long it is shown: 30 a second. */
const ASSUMED_PICTURE_MICROS = 33_333;
/** Every how many queued frames one is timed. */
const WAIT_SAMPLE = 16;

/** What waits on a link, in order: how much media that is, and how long a sample of it waited. */
export class LinkQueue extends Ring<Frame> {
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
    super(16);
    this.#capacity = capacity;
  }

  /** The most that waited. */
  get maxSize(): number {
    return this.#most;
  }

  /** Memory of the media that waits: counted when somebody looks. */
  get bytes(): number {
    let bytes = 0;
    for (let i = 0; i < this.size; i++) bytes += memoryOf(this.at(i));
    return bytes;
  }

  /** Whether anything ever waited. */
  get used(): boolean {
    return this.#pushed > 0;
  }

  /** Whether it holds as much as it may. */
  get full(): boolean {
    return this.size >= this.#capacity.frames || this.micros >= this.#capacity.micros;
  }

  /** Whether it holds no more than half as much. */
  get halfEmpty(): boolean {
    return 2 * this.size <= this.#capacity.frames && 2 * this.micros <= this.#capacity.micros;
  }

  override push(frame: Frame): void {
    super.push(frame);
    this.micros += mediaOf(frame);
    if (this.#pushed++ % WAIT_SAMPLE === 0 && this.#timedFrame < 0) {
      this.#timedFrame = this.#taken + this.size - 1;
      this.#timedAt = performance.now();
    }
    if (this.size > this.#most) this.#most = this.size;
  }

  /** The oldest, which has waited long enough. */
  take(): Frame | undefined {
    if (this.#taken === this.#timedFrame) this.wait.record((performance.now() - this.#timedAt) * 1_000);
    return this.shift();
  }

  /** The oldest, which waited for nothing. */
  override shift(): Frame | undefined {
    const frame = super.shift();
    if (frame === undefined) return undefined;
    if (this.#taken++ === this.#timedFrame) this.#timedFrame = -1;
    this.micros -= mediaOf(frame);
    return frame;
  }

  /** Puts what was taken from the front behind all others. */
  putBack(frame: Frame): void {
    this.#taken--;
    this.micros += mediaOf(frame);
    super.push(frame);
  }

  /** The frame that is timed may be gone, or stand elsewhere. */
  timeNone(): void {
    this.#timedFrame = -1;
  }
}

/** What a frame takes of a capacity in media time. Pictures of unknown duration would fill no link. */
function mediaOf(frame: Frame): number {
  const { duration = 0 } = frame;
  return duration === 0 && frame.kind === 'video' ? ASSUMED_PICTURE_MICROS : duration;
}

/** Samples or pixels of a frame, in bytes. What other kinds carry is not known. */
function memoryOf(frame: Frame & { readonly samples?: unknown; readonly data?: unknown }): number {
  const media = frame.kind === 'audio' ? frame.samples : frame.data;
  return ArrayBuffer.isView(media) ? media.byteLength : 0;
}
