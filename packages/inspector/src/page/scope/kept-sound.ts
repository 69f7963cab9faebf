import type { MediaPacket } from '../../protocol/media-packet.ts';

const KEPT_SECONDS = 10;

/** The samples of the last ten seconds, for a file. Another format begins anew. */
export class KeptSound {
  #packets: MediaPacket[] = [];
  #samples = 0;

  take(packet: MediaPacket): void {
    const [first] = this.#packets;
    if (first !== undefined && (first.rate !== packet.rate || first.channels !== packet.channels)) {
      this.#packets = [];
      this.#samples = 0;
    }
    this.#packets.push(packet);
    this.#samples += samplesIn(packet);
    while (this.#samples - samplesIn(this.#packets[0]!) >= KEPT_SECONDS * packet.rate)
      this.#samples -= samplesIn(this.#packets.shift()!);
  }

  get isEmpty(): boolean {
    return this.#packets.length === 0;
  }

  /** Interleaved samples with their format; undefined while there are none. */
  get sound(): { readonly samples: Int16Array; readonly rate: number; readonly channels: number } | undefined {
    const [first] = this.#packets;
    if (first === undefined) return undefined;
    const samples = new Int16Array(this.#samples * first.channels);
    let at = 0;
    for (const { payload } of this.#packets) {
      samples.set(new Int16Array(payload.buffer as ArrayBuffer, payload.byteOffset, payload.length / 2), at);
      at += payload.length / 2;
    }
    return { samples, rate: first.rate, channels: first.channels };
  }
}

const samplesIn = ({ payload, channels }: MediaPacket) => payload.length / 2 / channels;
