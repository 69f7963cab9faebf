import type { MediaPacket } from '../../protocol/media-packet.ts';
import { monoOf } from './mono-of.ts';

const KEPT_SECONDS = 10;

/** One channel of sound, and the media time of its first sample. What is missing is silent. */
export interface PlacedSound {
  readonly mono: Float64Array;
  readonly startMicros: number;
}

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

  /** The same at another rate, lower or little higher, by the media time of its packets; undefined while there is none. */
  placed(rate: number): PlacedSound | undefined {
    const last = this.#packets.at(-1);
    if (last === undefined) return undefined;
    const end = endOf(last);
    const packets = this.#packets.filter(({ timestamp }) => timestamp < end && end - timestamp <= 1e6 * KEPT_SECONDS);
    const startMicros = Math.min(...packets.map(({ timestamp }) => timestamp));
    const mono = new Float64Array(Math.round(((end - startMicros) * rate) / 1e6));
    for (const packet of packets) {
      const sound = monoOf(packet);
      const at = ((packet.timestamp - startMicros) * rate) / 1e6;
      const ratio = rate / packet.rate;
      // Each sample counts for as much of the time as it lasts: high frequencies become weak.
      for (const [index, sample] of sound.entries()) {
        const place = Math.floor(at + index * ratio);
        if (place < mono.length) mono[place]! += sample * Math.min(ratio, 1);
      }
    }
    return { mono, startMicros };
  }
}

const endOf = (packet: MediaPacket) => packet.timestamp + (1e6 * samplesIn(packet)) / packet.rate;
const samplesIn = ({ payload, channels }: MediaPacket) => payload.length / 2 / channels;
