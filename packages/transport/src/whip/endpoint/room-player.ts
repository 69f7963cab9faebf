import type { AudioFrame } from '@sluice/core';
import type { Subscription } from 'rxjs';
import { CallClient } from '../../call/call-client.ts';
import { fromCall } from '../../graph/from-call.ts';
import type { HostAudioSource, HostConnection, HostVideoSource, MediaHost } from '../../host/media-host.ts';
import type { EndpointPeer, PeerEntry } from './endpoint-peer.ts';

/** A participant who gives out by WHEP what it hears of a room, mixed, and whom it saw first: decoded here, and encoded again. */
export class RoomPlayer implements EndpointPeer {
  readonly #client = new CallClient();
  readonly #sound: HostAudioSource;
  readonly #pictures: HostVideoSource;
  #listening: Subscription | undefined;
  #shown: string | undefined;

  constructor(host: MediaHost) {
    this.#sound = host.createAudioSource({ sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 60 });
    this.#pictures = host.createVideoSource({ screen: false });
  }

  async enter({ roomUrl, token }: PeerEntry): Promise<void> {
    this.#client.on('participant-joined', () => this.#look());
    this.#client.on('participant-updated', () => this.#look());
    this.#client.on('participant-left', ({ participant }) => {
      if (this.#shown === participant.id) this.#shown = undefined;
      this.#look();
    });
    await this.#client.join(roomUrl, { ...(token !== undefined && { token }), userName: 'WHEP' });
    this.#look();
    this.#listening = fromCall(this.#client).subscribe((frame: AudioFrame) => this.#sound.write(frame.samples));
  }

  tracks(): [] {
    return [];
  }

  attach(connection: HostConnection, kinds: readonly string[]): void {
    if (kinds.includes('audio')) connection.addTrack('microphone', this.#sound);
    if (kinds.includes('video')) connection.addTrack('camera', this.#pictures);
  }

  async close(): Promise<void> {
    this.#listening?.unsubscribe();
    await this.#client.release();
    this.#sound.close();
    this.#pictures.close();
  }

  #look(): void {
    if (this.#shown !== undefined) return;
    const { local: _, ...others } = this.#client.participants();
    const seen = Object.values(others).find(({ media }) => media.camera !== undefined && media.camera.state !== 'off');
    if (seen === undefined) return;
    this.#shown = seen.id;
    this.#client.setVideoRenderer(
      seen.id,
      (_id, frame) => {
        const { width, height, colorSpace, data } = frame;
        this.#pictures.write({ width, height, colorSpace, data: data as Uint8Array<ArrayBuffer> }, () => frame.close());
      },
      { colorFormat: 'I420' },
    );
  }
}
