import wrtc from '@roamhq/wrtc';
import { describe, type RawConnection } from './raw-connection.ts';

/** What is used of the engine; its own declarations need the DOM library. */
interface Engine {
  readonly RTCPeerConnection: new () => RawConnection;
  readonly nonstandard: {
    readonly RTCAudioSource: new () => { createTrack(): Track; onData(data: object): void };
    readonly RTCAudioSink: new (track: unknown) => { ondata: (audio: RawAudio) => void };
  };
}

type Track = Parameters<RawConnection['addTransceiver']>[0];

export interface RawAudio {
  readonly samples: Int16Array;
  readonly sampleRate: number;
}

const { RTCPeerConnection, nonstandard } = wrtc as unknown as Engine;

/** One side of a connection of the engine without sluice: it sends one track and hears the other side's. */
export class RawPeer {
  readonly #connection = new RTCPeerConnection();
  readonly #source = new nonstandard.RTCAudioSource();
  readonly #sampleRate: number;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  async offer(): Promise<string> {
    this.#connection.addTransceiver(this.#source.createTrack(), { direction: 'sendrecv' });
    await this.#connection.setLocalDescription(await this.#connection.createOffer());
    return describe(this.#connection);
  }

  async answer(sdp: string): Promise<string> {
    await this.#connection.setRemoteDescription({ type: 'offer', sdp });
    const [transceiver] = this.#connection.getTransceivers();
    transceiver!.direction = 'sendrecv';
    await transceiver!.sender.replaceTrack(this.#source.createTrack() as never);
    await this.#connection.setLocalDescription(await this.#connection.createAnswer());
    return describe(this.#connection);
  }

  async accept(sdp: string): Promise<void> {
    await this.#connection.setRemoteDescription({ type: 'answer', sdp });
  }

  /** Sends 10 ms of mono samples. */
  write(samples: Int16Array): void {
    const { length } = samples;
    const format = { sampleRate: this.#sampleRate, bitsPerSample: 16, channelCount: 1, numberOfFrames: length };
    this.#source.onData({ samples, ...format });
  }

  /** Calls with each 10 ms that are received. Call it after the negotiation. */
  listen(listener: (audio: RawAudio) => void): void {
    const sink = new nonstandard.RTCAudioSink(this.#connection.getTransceivers()[0]!.receiver.track);
    sink.ondata = listener;
  }

  /** What its receivers made up that could be heard, so far. */
  async concealedMs(): Promise<number> {
    let samples = 0;
    for (const entry of (await this.#connection.getStats()).values())
      if (entry.type === 'inbound-rtp')
        samples += Number(entry.concealedSamples ?? 0) - Number(entry.silentConcealedSamples ?? 0);
    return samples / 48;
  }

  close(): void {
    this.#connection.close();
  }
}
