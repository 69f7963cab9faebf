import type { PlayoutReceipt, SluiceError } from '@sluice/core';
import type { PcmInput } from '../devices/audio/pcm.ts';
import { CustomAudioSource } from '../devices/custom/custom-audio-source.ts';
import type { AudioSendSettings, HostConnection } from '../host/media-host.ts';
import type { WhipAudioOptions } from './whip-options.ts';

/** What plays into a session, and fails with it. */
export class PublishedSound extends CustomAudioSource {
  readonly #settings: AudioSendSettings;
  readonly #use = this.input.use();
  #fault: SluiceError | undefined;

  constructor({ sampleRate = 48_000, channels = 1, bitrate }: WhipAudioOptions) {
    super(sampleRate, channels);
    this.#settings = { channelConfig: channels === 2 ? 'stereo' : 'mono', ...(bitrate !== undefined && { bitrate }) };
  }

  sendOn(connection: HostConnection): void {
    connection.addTrack('microphone', this.input.source, this.#settings);
  }

  heard(): void {
    this.#use.set('heard');
  }

  /** Whoever writes from now on is told why that is of no use. */
  fail(error: SluiceError): void {
    this.#fault ??= error;
    super.close();
  }

  override write(frames: PcmInput): PlayoutReceipt {
    if (this.#fault !== undefined) throw this.#fault;
    return super.write(frames);
  }

  override close(): void {
    this.#use.close();
    super.close();
  }
}
