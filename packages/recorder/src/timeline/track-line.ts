/** How far a piece may stand from where the one before it leads, before it is set where it was heard, in milliseconds. */
const TOLERANCE_MS = 20;
/** How fast the estimate follows a stream that comes later and later, as a part of the time that passes: 500 ppm. */
const DRIFT = 0.0005;
/** What may wait to be placed, in seconds. */
const LONGEST_WAIT_S = 4;
/** Gaps that are told one by one; all are counted. */
const MOST_GAPS = 1_000;

/** A stretch of a line in which nothing was received, in samples per channel. */
export interface LineGap {
  /** Where it begins: samples since `startedAt`. */
  readonly at: number;
  /** How long it is, per channel. */
  readonly samples: number;
}

/** What comes without a break: where it stands against the line, by the earliest arrival of its pieces. */
interface Stretch {
  /** What is added to an index of the stream. */
  offset: number;
}

interface Piece {
  samples: Int16Array;
  readonly stretch: Stretch;
  /** Index of its first sample in the stream it came from. */
  readonly media: number;
  /** Index of its first sample on the line, once that is settled. */
  index?: number;
}

/**
 * One track on the line of samples that all tracks of a recording share. Pieces stand one behind the other as their
 * stream counts them, which is exact to the sample; where the stream stands against the line is told by the earliest of
 * their arrivals since its last break, and a stream that strays from there by more than 20 ms is set right. What is taken is over. Bounded: four
 * seconds may wait.
 */
export class TrackLine {
  readonly gaps: LineGap[] = [];
  readonly #sampleRate: number;
  readonly #channels: number;
  readonly #waiting: Piece[] = [];
  #waitingSamples = 0;
  #stretch: Stretch = { offset: Number.POSITIVE_INFINITY };
  /** Index behind the last sample that came, in its stream. */
  #came: number | undefined;
  /** Up to where it was taken. */
  #position: number;
  #last: { readonly media: number; readonly index: number; readonly end: number } | undefined;
  #first: number | undefined;
  #heard = 0;
  #gapCount = 0;
  #lost = 0;
  #corrections = 0;

  /** `position`: where the line begins for this track, in samples per channel. */
  constructor(sampleRate: number, channels: number, position: number) {
    this.#sampleRate = sampleRate;
    this.#channels = channels;
    this.#position = position;
  }

  /** Index of the first sample that was received; undefined before it. */
  get first(): number | undefined {
    return this.#first;
  }

  /** Samples per channel that were received and found their place. */
  get heard(): number {
    return this.#heard;
  }

  /** Stretches without a sample between the first and the last. */
  get gapCount(): number {
    return this.#gapCount;
  }

  /** Samples per channel that found no place: too late, too many at once, or in the way of a correction. */
  get lost(): number {
    return this.#lost;
  }

  /** How often the stream was set right against the line. */
  get corrections(): number {
    return this.#corrections;
  }

  /** Whether samples wait to be taken. */
  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  /**
   * Takes interleaved samples over. `media`: index of the first in its stream; `now`: where the line is at this moment, in
   * samples per channel: behind the last of them, or later.
   */
  hear(samples: Int16Array, media: number, now: number): void {
    const length = samples.length / this.#channels;
    if (this.#came !== media) this.#stretch = { offset: Number.POSITIVE_INFINITY };
    this.#came = media + length;
    const stretch = this.#stretch;
    stretch.offset = Math.min(now - media - length, stretch.offset + length * DRIFT);
    this.#waiting.push({ samples, media, stretch });
    this.#waitingSamples += length;
    while (this.#waitingSamples > LONGEST_WAIT_S * this.#sampleRate) this.#lost += this.#shift();
  }

  /** Takes what lies before `to`, interleaved, silence where nothing was heard; undefined if nothing was at all. */
  take(to: number): Int16Array | undefined {
    const from = this.#position;
    this.#position = Math.max(from, to);
    let block: Int16Array | undefined;
    for (let piece = this.#waiting[0]; piece !== undefined; piece = this.#waiting[0]) {
      // Settled no sooner than it must be: what comes meanwhile may tell better where its stretch stands.
      if ((piece.index ?? this.#placeOf(piece)) >= to) break;
      const index = piece.index ?? this.#settle(piece, from);
      const end = index + piece.samples.length / this.#channels;
      const [begin, until] = [Math.max(index, from), Math.min(end, to)];
      if (begin < until) {
        block ??= new Int16Array((to - from) * this.#channels);
        const part = piece.samples.subarray((begin - index) * this.#channels, (until - index) * this.#channels);
        block.set(part, (begin - from) * this.#channels);
        this.#heard += until - begin;
      }
      if (end > to) break;
      this.#shift();
    }
    return block;
  }

  /** Where a piece belongs: behind the last, as its stream says, unless that strays from where it was heard. */
  #placeOf({ media, stretch }: Piece): number {
    const due = Math.round(media + stretch.offset);
    const last = this.#last;
    const next = last === undefined ? due : last.index + media - last.media;
    return Math.abs(due - next) * 1_000 > TOLERANCE_MS * this.#sampleRate ? due : next;
  }

  /** Fixes where a piece stands, and cuts off what cannot stand there any more. */
  #settle(piece: Piece, floor: number): number {
    const { media } = piece;
    const length = piece.samples.length / this.#channels;
    const last = this.#last;
    const index = this.#placeOf(piece);
    if (last !== undefined && index !== last.index + media - last.media) this.#corrections++;
    const skipped = Math.min(length, Math.max(0, floor - index, (last?.end ?? 0) - index));
    // What was said before the line begins is not missing from it.
    this.#lost += Math.max(0, skipped - Math.max(0, -index));
    this.#waitingSamples -= skipped;
    piece.samples = piece.samples.subarray(skipped * this.#channels);
    piece.index = index + skipped;
    if (skipped < length) this.#mark(piece.index, last?.end);
    this.#last = { media, index, end: Math.max(index + length, last?.end ?? 0) };
    return piece.index;
  }

  #mark(begin: number, end: number | undefined): void {
    this.#first ??= begin;
    if (end === undefined || begin <= end) return;
    this.#gapCount++;
    if (this.gaps.length < MOST_GAPS) this.gaps.push({ at: end, samples: begin - end });
  }

  #shift(): number {
    const { samples } = this.#waiting.shift()!;
    const length = samples.length / this.#channels;
    this.#waitingSamples -= length;
    return length;
  }
}
