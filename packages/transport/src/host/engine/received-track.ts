import type { Clock } from '@sluice/core';
import { PacketCount } from './packet-count.ts';
import { RECEIVED_RATE, SteadyRate } from './steady-rate.ts';
import type { EngineAudioData, EngineAudioOutput, RtpReceiver, Wrtc } from './wrtc.ts';

/** Until the format of the remote track is known the engine gives out silence at 16 kHz; at most so many slices are hidden. */
const UNKNOWN_RATE = 16_000;
const LONGEST_HIDDEN = 100;
/** Samples up to this are what codecs make of silence; louder ones came in packets, or are made up for a tenth of a second after them. */
const SILENCE = 2;
/** Milliseconds of a slice. */
const SLICE_MS = 10;

export type ReceiveAudio = (samples: Int16Array, sampleRate: number, channels: number) => void;

/** A remote track. */
export interface Received {
  /** The m-line it came on. */
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  /** Packets that were played since the last call, reckoned from the time of the newest one. */
  takeReceived(): number;
  /** When the newest of those was played, on our clock. */
  readonly newestAt: number;
  /** Pictures that came and were not delivered. */
  readonly refused: number;
  receive(wanted: boolean): void;
  close(): void;
}

/** A remote audio track. It is listened to only while somebody wants it. */
export class ReceivedAudio implements Received {
  readonly mid: string;
  readonly kind = 'audio';
  readonly refused = 0;
  readonly #receiver: RtpReceiver;
  readonly #wrtc: Wrtc;
  readonly #steady: SteadyRate;
  #sink: EngineAudioOutput | undefined;
  #hidden = 0;
  readonly #packets: PacketCount;
  /** Slices since packets were counted, and whether the newest of them is heard. */
  #slices = 0;
  #sounds = false;

  constructor(
    mid: string,
    receiver: RtpReceiver,
    { wrtc, clock }: { readonly wrtc: Wrtc; readonly clock: Clock },
    deliver: ReceiveAudio,
  ) {
    this.mid = mid;
    this.#receiver = receiver;
    this.#packets = new PacketCount(receiver, clock);
    this.#wrtc = wrtc;
    this.#steady = new SteadyRate((samples, channels) => deliver(samples, RECEIVED_RATE, channels));
  }

  get newestAt(): number {
    return this.#packets.newestAt;
  }

  takeReceived(): number {
    const heard = this.#sounds ? this.#slices * SLICE_MS : 0;
    this.#slices = 0;
    return heard > 0 ? this.#packets.seen(heard) : this.#packets.take();
  }

  receive(wanted: boolean): void {
    if (wanted === (this.#sink !== undefined)) return;
    if (!wanted) return this.close();
    this.#sink = new this.#wrtc.nonstandard.RTCAudioSink(this.#receiver.track);
    this.#sink.ondata = this.#take;
  }

  close(): void {
    if (this.#sink === undefined) return;
    this.#sink.ondata = null;
    this.#sink.stop();
    this.#sink = undefined;
    this.#sounds = false;
  }

  #take = (data: EngineAudioData): void => {
    if (this.#hidden < LONGEST_HIDDEN) {
      if (data.sampleRate === UNKNOWN_RATE && isSilent(data.samples)) {
        this.#hidden++;
        return;
      }
      this.#hidden = LONGEST_HIDDEN;
    }
    this.#slices++;
    this.#sounds = sounds(data.samples);
    this.#steady.push(data.samples, data.sampleRate, data.channelCount);
  };
}

/** The first loud sample answers. */
function sounds(samples: Int16Array): boolean {
  for (const sample of samples) if (sample > SILENCE || sample < -SILENCE) return true;
  return false;
}

function isSilent(samples: Int16Array): boolean {
  return samples.every((sample) => sample === 0);
}
