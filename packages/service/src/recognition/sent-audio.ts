// The sound of a recognition at a service: what was sent when, and what has to be sent again. No socket.

import { type AudioFrame, type Micros, micros } from '@sluice/core';

/** A frame that comes this far from where the one before it ended begins a new stretch, in microseconds. */
const GAP_US = 2_000;

/** A stretch of sound without a gap: from which sample on it plays at which media time. */
interface Stretch {
  readonly from: number;
  readonly mediaUs: number;
}

/**
 * Mono sound on its way to a service that counts time in seconds of what it was sent. Keeps what was not answered, so that
 * it can be sent again, and knows the media time of every second, whatever gaps the frames had and however often the
 * connection began anew. Samples are counted from the first that was ever written.
 */
export class SentAudio {
  readonly #rate: number;
  readonly #kept: number;
  readonly #pieces: Int16Array[] = [];
  #stretches: Stretch[] = [];
  /** The first sample that is kept, and the one behind the last. */
  #first = 0;
  #end = 0;
  #sent = 0;
  #answered = 0;
  /** The sample that is second 0 of the connection. */
  #origin = 0;

  /** @param keptMs How much is kept of what nobody answered; older sound is not sent again. */
  constructor(sampleRate: number, keptMs: number) {
    this.#rate = sampleRate;
    this.#kept = Math.round((sampleRate * keptMs) / 1_000);
  }

  /** Whether something was written that nobody answered. */
  get unanswered(): boolean {
    return this.#end > this.#answered;
  }

  /** The second of the connection at which what was written so far ends. */
  get seconds(): number {
    return (this.#end - this.#origin) / this.#rate;
  }

  /** Takes the samples of a frame, which stays the caller's. */
  push({ samples, timestamp }: AudioFrame): void {
    const expected = this.#mediaOf(this.#end);
    if (expected === undefined || Math.abs(timestamp - expected) > GAP_US)
      this.#stretches.push({ from: this.#end, mediaUs: timestamp });
    this.#pieces.push(samples.slice());
    this.#end += samples.length;
    this.#trim();
  }

  /** The next samples to send, between `least` and `most` of them; undefined while there are fewer. */
  take(least: number, most: number): Int16Array | undefined {
    const length = Math.min(most, this.#end - this.#sent);
    if (length <= 0 || length < least) return undefined;
    const taken = new Int16Array(length);
    let at = this.#first;
    for (const piece of this.#pieces) {
      const from = Math.max(0, this.#sent - at);
      const to = Math.min(piece.length, this.#sent + length - at);
      if (from < to) taken.set(piece.subarray(from, to), at + from - this.#sent);
      at += piece.length;
    }
    this.#sent += length;
    return taken;
  }

  /** What was said up to there is answered: it is not sent again. */
  answered(seconds: number): void {
    const sample = this.#origin + Math.round(seconds * this.#rate);
    this.#answered = Math.min(Math.max(this.#answered, sample), this.#end);
  }

  /** A new connection: what was not answered is sent again, and its seconds count from there. */
  restart(): void {
    this.#origin = Math.max(this.#answered, this.#first);
    this.#sent = this.#origin;
  }

  /** The media time of a second of the connection; the `end` of something stands before a gap, its start behind it. */
  timeOf(seconds: number, side: 'start' | 'end'): Micros {
    const sample = Math.min(this.#origin + Math.round(seconds * this.#rate), this.#end);
    return micros(Math.round(this.#mediaOf(sample, side) ?? 0));
  }

  #mediaOf(sample: number, side: 'start' | 'end' = 'end'): number | undefined {
    const begins = side === 'end' ? sample - 1 : sample;
    const stretch = this.#stretches.findLast(({ from }) => from <= begins) ?? this.#stretches[0];
    return stretch && stretch.mediaUs + ((sample - stretch.from) * 1_000_000) / this.#rate;
  }

  #trim(): void {
    while (this.#pieces.length > 1 && this.#end - this.#first - this.#pieces[0]!.length > this.#kept)
      this.#first += this.#pieces.shift()!.length;
    const oldest = this.#stretches.findLastIndex(({ from }) => from <= this.#first);
    if (oldest > 0) this.#stretches = this.#stretches.slice(oldest);
  }
}
