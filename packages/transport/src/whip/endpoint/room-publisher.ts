import { type AudioFormat, micros, videoFramePool } from '@sluice/core';
import { SeamlessConverter } from '@sluice/core/kernels';
import { CallClient } from '../../call/call-client.ts';
import { CustomAudioSource } from '../../devices/custom/custom-audio-source.ts';
import { CustomAudioTrack } from '../../devices/custom/custom-audio-track.ts';
import { CustomVideoSource } from '../../devices/custom/custom-video-source.ts';
import { CustomVideoTrack } from '../../devices/custom/custom-video-track.ts';
import type { HostConnection, HostPicture } from '../../host/media-host.ts';
import type { EndpointPeer, PeerEntry } from './endpoint-peer.ts';

const ROOM_SOUND = { sampleRate: 48_000, channels: 1 } as const;

/** A participant who sends a room what somebody publishes by WHIP: decoded here, and encoded again for the room. */
export class RoomPublisher implements EndpointPeer {
  readonly #client = new CallClient();
  readonly #sound = new CustomAudioSource(ROOM_SOUND.sampleRate, ROOM_SOUND.channels);
  readonly #converter = new SeamlessConverter(ROOM_SOUND);
  #pictures: CustomVideoSource | undefined;
  #closed = false;

  async enter({ roomUrl, token }: PeerEntry): Promise<void> {
    const customTrack = { id: new CustomAudioTrack(this.#sound).id };
    const inputs = { microphone: { isEnabled: true, settings: { customTrack } }, camera: { isEnabled: false } };
    await this.#client.join(roomUrl, {
      ...(token !== undefined && { token }),
      userName: 'WHIP',
      clientSettings: { inputs },
    });
  }

  tracks(sections: readonly { readonly mid: string; readonly kind: string }[]) {
    return sections.map(({ mid, kind }) => ({ mid, name: kind }));
  }

  attach(connection: HostConnection): void {
    for (const name of ['audio', 'video']) connection.receive(name, true);
    connection.on('audio', ({ samples, sampleRate, channels }) => this.#hear(samples, { sampleRate, channels }));
    connection.on('video', ({ picture }) => this.#see(picture));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client.release();
    this.#converter.close();
    this.#sound.close();
    this.#pictures?.close();
  }

  #hear(samples: Int16Array, from: Pick<AudioFormat, 'sampleRate' | 'channels'>): void {
    // What the room has no time for is left out, not queued.
    if (this.#closed || this.#sound.queuedDuration > this.#sound.capacityMs) return;
    const { sampleRate, channels } = this.#converter.from ?? {};
    if (sampleRate !== from.sampleRate || channels !== from.channels) {
      const tail = this.#converter.change(from, samples);
      if (tail.length > 0) this.#sound.write(tail);
    }
    this.#sound.write(this.#converter.process(samples));
  }

  /** A custom source has one size, and senders change theirs. */
  #see({ width, height, colorSpace, data }: HostPicture): void {
    if (this.#closed) return;
    if (this.#pictures?.width !== width || this.#pictures.height !== height) this.#resize(width, height);
    const [format, timestamp] = ['I420', micros(0)] as const;
    const frame = videoFramePool.adopt(
      data,
      { width, height, format, colorSpace: colorSpace ?? 'bt601', timestamp },
      'WHIP',
    );
    this.#pictures!.input.show(frame);
  }

  #resize(width: number, height: number): void {
    const before = this.#pictures;
    this.#pictures = new CustomVideoSource(width, height, 'I420');
    const customTrack = { id: new CustomVideoTrack(this.#pictures).id };
    const over = () => before?.close();
    this.#client.updateInputs({ camera: { isEnabled: true, settings: { customTrack } } }).then(over, over);
  }
}
