import { type Clock, sleep } from '@sluice/core';
import { complete } from '../device-completion.ts';
import { copyPcm, type PcmInput } from './pcm.ts';
import type { PlayoutLineOptions } from './playout-line.ts';
import { SampleDevice } from './sample-device.ts';

/** How soon a write to a microphone that nobody sends returns, so that a loop of writes leaves others room. */
const INACTIVE_WRITE_MS = 10;

/**
 * A microphone that code speaks into. Choose it as input of any number of clients by its name; it sends silence while
 * nothing is written. Made by `Daily.createMicrophoneDevice`.
 */
export class VirtualMicrophoneDevice extends SampleDevice {
  readonly name: string;
  readonly nonBlocking: boolean;
  readonly #clock: Clock;

  constructor(options: PlayoutLineOptions & { readonly nonBlocking: boolean }) {
    super(options);
    this.name = options.name;
    this.nonBlocking = options.nonBlocking;
    this.#clock = options.clock;
  }

  /** Whether a client sends this microphone. */
  get active(): boolean {
    return this.line.active;
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
    if (!this.active && !this.line.closed) {
      await sleep(this.#clock, INACTIVE_WRITE_MS);
      complete(completion, 0);
      return 0;
    }
    const record = this.line.write(samples);
    if (completion !== undefined) void record.finished.then(() => complete(completion, record.frames));
    if (!this.nonBlocking) await record.accepted;
    return record.frames;
  }
}
