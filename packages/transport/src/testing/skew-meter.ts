import { type Cancel, realClock, type VideoFrame } from '@sluice/core';
import type { CallClient } from '../call/call-client.ts';

/** What a received picture of `fromTestPattern` says, as `readTestPattern` reads it. */
export interface PatternReading {
  /** Media time in microseconds. */
  readonly timestamp: number | undefined;
  /** Whether it is one of the pictures that are lit on each full second, as a beep is heard. */
  readonly flash: boolean;
}

/** How much later pictures came than their sound, in milliseconds; negative if earlier. */
export interface SkewReport {
  /** Each flash against its beep. */
  readonly flashes: readonly number[];
  /** Every picture against the sound that was heard when it came. */
  readonly pictures: readonly number[];
}

interface Seen {
  readonly mediaMs: number;
  readonly at: number;
  /** Samples that had been heard when it came. */
  readonly heard: number;
  readonly flash: boolean;
}

interface Beep {
  readonly at: number;
  readonly sample: number;
}

/** A sample beyond this is sound. */
const SOUND = 3_000;
/** A beep comes after this much silence, in seconds. */
const SILENCE_S = 0.5;
/** How much is delivered at a time, in milliseconds. */
const SLICE_MS = 10;

/**
 * Compares the flashes of `fromTestPattern` with the beeps of `fromSyncBeeps` where both are received. Let it `watch` a
 * participant, or give it all that comes, with the time at which it came on one clock, in milliseconds. Sound counts as
 * heard from its delivery on.
 */
export class SkewMeter {
  readonly #sampleRate: number;
  readonly #pictures: Seen[] = [];
  readonly #beeps: Beep[] = [];
  #samples = 0;
  #heardAt = Number.NEGATIVE_INFINITY;
  #silent = Number.POSITIVE_INFINITY;

  /** @param sampleRate Hz. */
  constructor(sampleRate = 48_000) {
    this.#sampleRate = sampleRate;
  }

  /**
   * Renders the microphone and the camera of a participant, instead of other renderers. Returns what ends it.
   *
   * @param read - `readTestPattern` of `@sluice/nodes`.
   */
  watch(client: CallClient, participantId: string, read: (picture: VideoFrame) => PatternReading | undefined): Cancel {
    const endAudio = client.setAudioRenderer(
      participantId,
      (_, frame) => {
        this.hear(frame.samples, realClock.now());
        frame.close();
      },
      { sampleRate: this.#sampleRate, callbackIntervalMs: SLICE_MS },
    );
    const endVideo = client.setVideoRenderer(
      participantId,
      (_, frame) => {
        const at = realClock.now();
        this.see(read(frame), at);
        frame.close();
      },
      { colorFormat: 'I420' },
    );
    return () => {
      endAudio();
      endVideo();
    };
  }

  /** 10 ms of mono. */
  hear(samples: Int16Array, at: number): void {
    for (const [index, sample] of samples.entries()) {
      if (Math.abs(sample) < SOUND) {
        this.#silent++;
        continue;
      }
      if (this.#silent >= SILENCE_S * this.#sampleRate)
        this.#beeps.push({ at: at + this.#toMs(index), sample: this.#samples + index });
      this.#silent = 0;
    }
    this.#samples += samples.length;
    this.#heardAt = at;
  }

  /** A picture came; undefined is none that could be read. One that is sent again counts once. */
  see(reading: PatternReading | undefined, at: number): void {
    if (reading?.timestamp === undefined) return;
    const mediaMs = reading.timestamp / 1000;
    if (mediaMs <= (this.#pictures.at(-1)?.mediaMs ?? -1)) return;
    const unheardMs = Math.max(0, SLICE_MS - (at - this.#heardAt));
    const heard = this.#samples - (unheardMs * this.#sampleRate) / 1000;
    this.#pictures.push({ mediaMs, at, heard, flash: reading.flash });
  }

  /** What was seen and heard in these seconds of media time. */
  report(fromS = 0, toS = Number.POSITIVE_INFINITY): SkewReport {
    const flashes: number[] = [];
    const pictures: number[] = [];
    for (const beep of this.#beeps) {
      const beganMs = this.#secondOf(beep);
      if (beganMs === undefined || beganMs < fromS * 1000 || beganMs >= toS * 1000) continue;
      const ofSecond = this.#pictures.filter(({ mediaMs }) => mediaMs >= beganMs && mediaMs < beganMs + 1000);
      const flash = ofSecond.find((one) => one.flash);
      if (flash !== undefined) flashes.push(flash.at - beep.at - (flash.mediaMs - beganMs));
      for (const { mediaMs, heard } of ofSecond) pictures.push(this.#toMs(heard - beep.sample) - (mediaMs - beganMs));
    }
    return { flashes, pictures };
  }

  /** The media time of a beep, in milliseconds: the full second nearest to the picture that came nearest to it. */
  #secondOf(beep: Beep): number | undefined {
    const distance = ({ at }: Seen) => Math.abs(at - beep.at);
    let nearest = this.#pictures[0];
    for (const one of this.#pictures) if (distance(one) < distance(nearest!)) nearest = one;
    return nearest === undefined ? undefined : Math.round(nearest.mediaMs / 1000) * 1000;
  }

  #toMs(samples: number): number {
    return (samples * 1000) / this.#sampleRate;
  }
}
