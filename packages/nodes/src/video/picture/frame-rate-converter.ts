import type { Interruption, Micros, VideoFrame } from '@sluice/core';
import type { Subscriber } from 'rxjs';
import { emit } from '../../flow/emit.ts';
import { type ExactFrameRate, frameTime } from '../../options/exact-frame-rate.ts';
import { FrameCadence } from './frame-cadence.ts';

/** What a rate converter has done so far, in frames. */
export interface FrameRateStatistics {
  /** Pictures that came. */
  readonly received: number;
  /** Pictures that left, repeated ones included. */
  readonly emitted: number;
  /** Of those emitted, the ones that show a picture again. */
  readonly repeated: number;
  /** Pictures that came and never left. */
  readonly dropped: number;
  /** Times that the timestamps jumped and a new grid was begun. */
  readonly restarts: number;
}

/** Gives each picture its slots on a grid of constant rate. Used by `frameRate`. */
export class FrameRateConverter {
  readonly statistics = { received: 0, emitted: 0, repeated: 0, dropped: 0, restarts: 0 };
  readonly #destination: Subscriber<VideoFrame>;
  readonly #rate: ExactFrameRate;
  #cadence: FrameCadence | undefined;
  /** Where the grid begins, and the first slot of the picture that waits. */
  #origin = 0 as Micros;
  #slot = 0;
  /** How long it is shown is known when the next one comes. */
  #waiting: VideoFrame | undefined;
  /** Pictures made before this epoch are void: the graph's epoch may be another scope's. */
  #minEpoch = 0;

  constructor(destination: Subscriber<VideoFrame>, rate: ExactFrameRate) {
    this.#destination = destination;
    this.#rate = rate;
  }

  take(frame: VideoFrame): void {
    this.statistics.received++;
    if (frame.epoch < this.#minEpoch) return this.#drop(frame);
    if (this.#cadence === undefined || this.#waiting === undefined) return this.#begin(frame);
    const placement = this.#cadence.place(frame.timestamp, this.#waiting.duration);
    if (this.#cadence.jumps > 0) {
      this.statistics.restarts++;
      this.#show(this.#waiting, placement.type === 'next' ? placement.shown : 1);
      this.#begin(frame);
    } else if (placement.type === 'next') {
      this.#show(this.#waiting, placement.shown);
      this.#wait(frame);
    } else if (placement.type === 'drop') this.#drop(frame);
    else {
      const { gap } = this.#waiting;
      this.#drop(this.#waiting);
      // What was missing before the picture is missing before the one that is shown for it.
      this.#waiting = gap === undefined || frame.gap !== undefined ? frame : frame.move({ gap });
    }
  }

  end(): void {
    if (this.#waiting !== undefined && this.#cadence !== undefined) {
      const { timestamp, duration } = this.#waiting;
      const shown = this.#cadence.last(timestamp, duration);
      if (shown === 0) this.statistics.dropped++;
      this.#show(this.#waiting, shown);
    }
    this.#destination.complete();
  }

  interrupt(interruption: Interruption): void {
    this.#minEpoch = interruption.epoch;
    if (this.#waiting !== undefined) interruption.dropped(this.#waiting.duration);
    this.close();
  }

  close(): void {
    this.#cadence = undefined;
    this.#waiting?.close();
    this.#waiting = undefined;
  }

  #begin(frame: VideoFrame): void {
    this.#cadence = new FrameCadence(this.#rate, frame.timestamp);
    this.#origin = frame.timestamp;
    this.#slot = 0;
    this.#wait(frame);
  }

  #wait(frame: VideoFrame): void {
    // The receiver may have left while the picture before was shown.
    if (this.#destination.closed) frame.close();
    else this.#waiting = frame;
  }

  /** Lets a picture go, into so many slots. */
  #show(frame: VideoFrame, count: number): void {
    this.#waiting = undefined;
    for (let shown = 1; shown <= count && !this.#destination.closed; shown++, this.#slot++) {
      const start = frameTime(this.#slot, this.#rate);
      const timestamp = (this.#origin + start) as Micros;
      const duration = (frameTime(this.#slot + 1, this.#rate) - start) as Micros;
      if (shown > 1) this.statistics.repeated++;
      this.statistics.emitted++;
      emit(this.#destination, frame.derive({ timestamp, duration, gap: shown > 1 ? undefined : frame.gap }));
    }
    frame.close();
  }

  #drop(frame: VideoFrame): void {
    this.statistics.dropped++;
    frame.close();
  }
}
