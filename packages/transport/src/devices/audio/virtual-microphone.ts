import { sleep } from '@sluice/core';
import { fadeOption } from '../device-options.ts';
import type { AudioInput } from './audio-input.ts';
import { copyPcm, type PcmInput } from './pcm.ts';
import { type PlayoutCounters, PlayoutLine, type PlayoutLineOptions } from './playout-line.ts';
import type { PlayoutReceipt } from './playout-receipt.ts';

/** How soon a write to a microphone that nobody sends returns, so that a loop of writes leaves others room. */
const INACTIVE_WRITE_MS = 10;

/**
 * A microphone that code speaks into. Choose it as input of any number of clients by its name; it sends silence while
 * nothing is written. Made by `Daily.createMicrophoneDevice`.
 */
export class VirtualMicrophoneDevice {
  readonly name: string;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly nonBlocking: boolean;
  readonly #line: PlayoutLine;
  readonly #options: PlayoutLineOptions;

  constructor(options: PlayoutLineOptions & { readonly nonBlocking: boolean }) {
    this.name = options.name;
    this.sampleRate = options.sampleRate;
    this.channels = options.channels;
    this.nonBlocking = options.nonBlocking;
    this.#options = options;
    this.#line = new PlayoutLine(options);
  }

  /** Whether a client sends this microphone. */
  get active(): boolean {
    return this.#line.active;
  }

  /** Written media that has not been played, in milliseconds, counted in samples. */
  get queuedDuration(): number {
    return this.#line.queuedMs;
  }

  /** How far a writer may be ahead of playing before its writes wait, in milliseconds. */
  get capacityMs(): number {
    return this.#line.capacityMs;
  }

  /**
   * The sample that leaves the device now, on the line on which a receipt's `start` lies too: every sample written since
   * the device was made, dropped ones included. 10 ms behind what the engine is given, because it waits for a packet;
   * moved on by the clock between its slices, never beyond what it was given.
   */
  get playoutPosition(): number {
    return this.#line.playoutPosition;
  }

  get counters(): PlayoutCounters {
    return this.#line.counters;
  }

  /**
   * Speaks interleaved signed 16-bit samples of any whole length; they are copied. On a blocking device the promise
   * paces the caller: it resolves as soon as no more than the capacity (250 ms) waits to be played. On a non-blocking
   * device it resolves at once. The completion is called exactly once, when the last sample was played or dropped.
   *
   * @returns samples per channel that were taken: all, or 0 when no client sends this microphone.
   * @throws `SLUICE_FRAME_SHAPE` for parts of a sample, `SLUICE_DEVICE_OVERFLOW` when more than a minute waits already,
   *   `SLUICE_DEVICE_DESTROYED`.
   */
  async writeFrames(frames: PcmInput, completion?: (frames: number) => void): Promise<number> {
    const samples = copyPcm(frames, this.channels);
    if (!this.active && !this.#line.closed) {
      await sleep(this.#options.clock, INACTIVE_WRITE_MS);
      completion?.(0);
      return 0;
    }
    const record = this.#line.write(samples);
    if (completion !== undefined) void record.finished.then(() => completion(record.frames));
    if (!this.nonBlocking) await record.accepted;
    return record.frames;
  }

  /**
   * Speaks samples and follows them: the receipt tells when they can be heard, start, and end. The very first media
   * waits until somebody can hear it, at most 10 s; later media passes whether or not anybody listens.
   */
  write(frames: PcmInput): PlayoutReceipt {
    return this.#line.write(copyPcm(frames, this.channels), true);
  }

  /** The end of an utterance: a last part of less than 10 ms is played as well, padded with silence. */
  flush(): void {
    this.#line.flush();
  }

  /**
   * Drops what waits, with a fade instead of a click from the next 10 ms on.
   *
   * @returns media that was dropped, in milliseconds.
   */
  async clear(options?: { /** Default 5. */ readonly fadeMs?: number }): Promise<number> {
    const dropped = await this.#line.clear(fadeOption(options));
    return (dropped * 1000) / this.sampleRate;
  }

  /** For calls. */
  get input(): AudioInput {
    return this.#line;
  }

  /** Use `Daily.destroyDevice`. */
  close(): void {
    this.#line.close();
  }
}
