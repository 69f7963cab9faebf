import { checkKeys, invalidArgument } from '@sluice/core';
import { checkDeviceFormat, fadeOption, type PlayoutOptions, playoutKeys, playoutOptions } from '../device-options.ts';
import { currentDevices } from '../registry.ts';
import type { AudioInput } from './audio-input.ts';
import { copyPcm, type PcmInput } from './pcm.ts';
import { type PlayoutCounters, PlayoutLine } from './playout-line.ts';
import type { PlayoutReceipt } from './playout-receipt.ts';

export interface CustomAudioSourceOptions extends PlayoutOptions {
  /** Sends silence whenever nothing is queued, from creation on. False sends nothing while idle. Default true. */
  readonly autoSilence?: boolean;
}

/** Samples for a custom track. One source may feed any number of tracks and clients. Needs `Daily.init`. */
export class CustomAudioSource {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly autoSilence: boolean;
  readonly #line: PlayoutLine;
  readonly #forget: () => void;

  /** @param sampleRate Hz. @param channels 1 or 2. */
  constructor(sampleRate: number, channels: number, options: CustomAudioSourceOptions | boolean = {}) {
    checkDeviceFormat(sampleRate, channels);
    const given = typeof options === 'boolean' ? { autoSilence: options } : options;
    checkKeys<CustomAudioSourceOptions>('CustomAudioSource', given, { ...playoutKeys, autoSilence: true });
    const { autoSilence = true, ...playout } = given;
    if (typeof autoSilence !== 'boolean') throw invalidArgument('autoSilence', 'true or false', autoSilence);
    const devices = currentDevices();
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.autoSilence = autoSilence;
    this.#line = new PlayoutLine({
      name: 'a custom audio source',
      sampleRate,
      channels,
      autoSilence,
      ...playoutOptions(playout),
      clock: devices.clock,
      host: devices.host,
    });
    devices.addSource(this);
    this.#forget = () => devices.removeSource(this);
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
   * Plays interleaved signed 16-bit samples; they are copied. Without a completion the promise paces the caller: it
   * resolves as soon as no more than the capacity (250 ms) waits. With one it resolves at once, and the completion is
   * called exactly once, when the last sample was played or dropped. A source that no client sends plays as well, in
   * real time, so that a write never waits for ever.
   *
   * @returns samples per channel that were taken.
   * @throws `SLUICE_FRAME_SHAPE`, `SLUICE_DEVICE_OVERFLOW`, `SLUICE_DEVICE_DESTROYED`.
   */
  async writeFrames(frames: PcmInput, completion?: (frames: number) => void): Promise<number> {
    const record = this.#line.write(copyPcm(frames, this.channels));
    if (completion === undefined) await record.accepted;
    else void record.finished.then(() => completion(record.frames));
    return record.frames;
  }

  /** Plays samples and follows them. The very first media waits until somebody can hear it, at most 10 s. */
  write(frames: PcmInput): PlayoutReceipt {
    return this.#line.write(copyPcm(frames, this.channels), true);
  }

  /** The end of an utterance: a last part of less than 10 ms is played as well, padded with silence. */
  flush(): void {
    this.#line.flush();
  }

  /** Drops what waits, fading out. Returns media that was dropped, in milliseconds. */
  async clear(options?: { /** Default 5. */ readonly fadeMs?: number }): Promise<number> {
    const dropped = await this.#line.clear(fadeOption(options));
    return (dropped * 1000) / this.sampleRate;
  }

  /** For calls. */
  get input(): AudioInput {
    return this.#line;
  }

  /** Ends the source: what waits settles, and every later call throws `SLUICE_DEVICE_DESTROYED`. */
  close(): void {
    this.#line.close();
    this.#forget();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
