// Sources of custom tracks, which enter the registry by themselves. Nothing else does.

import { checkKeys, invalidArgument } from '@sluice/core';
import { copyPcm, type PcmInput } from '../audio/pcm.ts';
import { SampleDevice } from '../audio/sample-device.ts';
import { complete } from '../device-completion.ts';
import { checkDeviceFormat, type PlayoutOptions, playoutKeys, playoutOptions } from '../device-options.ts';
import { currentDevices } from '../registry.ts';

/** What a {@link CustomAudioSource} sends while nothing is queued, and how far ahead it may be written. */
export interface CustomAudioSourceOptions extends PlayoutOptions {
  /** Sends silence whenever nothing is queued, from creation on. False sends nothing while idle. Default true. */
  readonly autoSilence?: boolean;
}

/** Samples for a custom track. One source may feed any number of tracks and clients. Needs `Daily.init`. */
export class CustomAudioSource extends SampleDevice {
  readonly autoSilence: boolean;
  readonly #forget: () => void;

  /** @param sampleRate Hz. @param channels 1 or 2. */
  constructor(sampleRate: number, channels: number, options: CustomAudioSourceOptions | boolean = {}) {
    checkDeviceFormat(sampleRate, channels);
    const given = typeof options === 'boolean' ? { autoSilence: options } : options;
    checkKeys<CustomAudioSourceOptions>('CustomAudioSource', given, { ...playoutKeys, autoSilence: true });
    const { autoSilence = true, ...playout } = given;
    if (typeof autoSilence !== 'boolean') throw invalidArgument('autoSilence', 'true or false', autoSilence);
    const devices = currentDevices();
    super({
      name: 'a custom audio source',
      sampleRate,
      channels,
      autoSilence,
      ...playoutOptions(playout),
      clock: devices.clock,
      host: devices.host,
    });
    this.autoSilence = autoSilence;
    devices.addSource(this);
    this.#forget = () => devices.removeSource(this);
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
    const record = this.line.write(copyPcm(frames, this.channels));
    if (completion === undefined) await record.accepted;
    else void record.finished.then(() => complete(completion, record.frames));
    return record.frames;
  }

  /** Ends the source: what waits settles, and every later call throws `SLUICE_DEVICE_DESTROYED`. */
  override close(): void {
    super.close();
    this.#forget();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
