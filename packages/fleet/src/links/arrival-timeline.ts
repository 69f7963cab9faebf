import { type Clock, type Frame, type Gap, joinGaps, type Micros, microsToMillis } from '@sluice/core';
import type { FrameHeader } from './wire/frame-header.ts';

/** Where frames belong: at the sender's times, one sender after the other, with what is missing in between. */
export class ArrivalTimeline {
  readonly #clock: Clock;
  /** What is added to the times of this sender, so that a new one goes on where the last one was. */
  #shift = 0;
  /** The end of what came last, on the timeline here, and when it came; undefined where that is not known. */
  #end: number | undefined;
  #cameAt = 0;
  #newSender = false;
  #missing = false;
  #lostMicros = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Frames are missing before the next one. */
  lose(): void {
    this.#missing = true;
  }

  /** The next frame is of another sender. */
  changeSender(): void {
    this.#newSender = this.#end !== undefined;
    this.#missing = false;
  }

  /** Frames were void: what follows says nothing about what is missing. */
  skip(): void {
    this.#missing = false;
    if (!this.#newSender) this.#end = undefined;
  }

  /** Puts the time and the gap of a frame that came into its header. Returns the milliseconds that were lost before it. */
  place(header: FrameHeader): number {
    const end = this.#end;
    this.#lostMicros = 0;
    if (this.#newSender && end !== undefined) this.#follow(header, end);
    else if (this.#missing && end !== undefined) {
      const own = header.gap?.duration ?? 0;
      this.#lostMicros = Math.max(0, header.timestamp + this.#shift - end - own);
    }
    if (this.#newSender || this.#missing) header.gap = joinGaps(this.#gap(), header.gap);
    header.timestamp = (header.timestamp + this.#shift) as Micros;
    this.#newSender = false;
    this.#missing = false;
    return microsToMillis(this.#lostMicros as Micros);
  }

  /** A frame that was placed. */
  came({ timestamp, duration = 0 as Micros }: Frame): void {
    this.#end = timestamp + duration;
    this.#cameAt = this.#clock.now();
  }

  /** A new sender begins behind what the last one sent, by as much as nobody sent. */
  #follow(header: FrameHeader, end: number): void {
    this.#lostMicros = Math.round(Math.max(0, this.#clock.now() - this.#cameAt) * 1_000);
    this.#shift = end + this.#lostMicros - header.timestamp;
  }

  #gap(): Gap {
    return { duration: this.#lostMicros as Micros, reason: 'disconnected' };
  }
}
