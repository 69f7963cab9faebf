// Devices that samples are written into: microphones, and what feeds the engine in time. No picture.

import { type Glitches, glitchRates, type PlayoutReceipt } from '@sluice/core';
import { fadeOption } from '../device-options.ts';
import type { AudioInput } from './audio-input.ts';
import { copyPcm, type PcmInput } from './pcm.ts';
import { type PlayoutCounters, PlayoutLine, type PlayoutLineOptions } from './playout-line.ts';

/** What code writes samples into that play in their time: what a microphone and a custom source have in common. */
export abstract class SampleDevice {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  protected readonly line: PlayoutLine;

  constructor(options: PlayoutLineOptions) {
    this.sampleRate = options.sampleRate;
    this.channels = options.channels;
    this.line = new PlayoutLine(options);
  }

  /** Written media that has not been played, in milliseconds, counted in samples. */
  get queuedDuration(): number {
    return this.line.queuedMs;
  }

  /** How far a writer may be ahead of playing before its writes wait, in milliseconds. */
  get capacityMs(): number {
    return this.line.capacityMs;
  }

  /**
   * The sample that leaves the device now, on the line on which a receipt's `start` lies too: every sample written since
   * the device was made, dropped ones included. 10 ms behind what the engine is given, because it waits for a packet;
   * moved on by the clock between its slices, never beyond what it was given.
   */
  get playoutPosition(): number {
    return this.line.playoutPosition;
  }

  get counters(): PlayoutCounters {
    return this.line.counters;
  }

  /**
   * Gaps since the device was made: it ran dry in the middle of an utterance (`counters.underruns`), the engine's thread stood
   * still, or the engine died. Nothing is made up at this edge: `concealedMs` is 0. The last value stays when it is closed.
   */
  get glitches(): Glitches {
    return glitchRates(this.line.glitches);
  }

  /**
   * Plays samples and follows them: the receipt tells when they can be heard, start, and end. The very first media waits
   * until somebody can hear it, at most 10 s; later media passes whether or not anybody listens.
   */
  write(frames: PcmInput): PlayoutReceipt {
    return this.line.write(copyPcm(frames, this.channels), true);
  }

  /** The end of an utterance: a last part of less than 10 ms is played as well, padded with silence. */
  flush(): void {
    this.line.flush();
  }

  /**
   * Drops what waits, with a fade instead of a click from the next 10 ms on.
   *
   * @returns media that was dropped, in milliseconds.
   */
  async clear(options?: { /** Default 5. */ readonly fadeMs?: number }): Promise<number> {
    const dropped = await this.line.clear(fadeOption('clear', options));
    return (dropped * 1000) / this.sampleRate;
  }

  /**
   * Falls silent with a fade from the next 10 ms on and keeps what waits, in the engine too. `playoutPosition`, receipts and
   * marks stand still until `resume()`. Writes queue, up to the usual minute; `clear` drops what is kept. The samples of the
   * fade count as played: none is played twice, none is lost. Paused again it changes nothing.
   *
   * @returns when the last sample has left, or when it was resumed.
   */
  async pause(options?: { /** 0 to 1,000, default 5. */ readonly fadeMs?: number }): Promise<void> {
    await this.line.pause(fadeOption('pause', options));
  }

  /** Goes on with the sample after the last that was played, with a fade of the same length. */
  resume(): void {
    this.line.resume();
  }

  /** For calls. */
  get input(): AudioInput {
    return this.line;
  }

  /** Ends the device: what waits settles, and every later call throws `SLUICE_DEVICE_DESTROYED`. */
  close(): void {
    this.line.close();
  }
}
