import type { EngineAudioData, EngineAudioOutput, MediaTrack, Wrtc } from './wrtc.ts';

/** Until the format of the remote track is known the engine gives out silence at 16 kHz; at most so many slices are hidden. */
const UNKNOWN_RATE = 16_000;
const LONGEST_HIDDEN = 100;

export type ReceiveAudio = (samples: Int16Array, sampleRate: number, channels: number) => void;

/** A remote track. It is listened to only while somebody wants it. */
export class ReceivedTrack {
  /** The m-line it came on. */
  readonly mid: string;
  readonly #track: MediaTrack;
  readonly #wrtc: Wrtc;
  readonly #deliver: ReceiveAudio;
  #sink: EngineAudioOutput | undefined;
  #hidden = 0;

  constructor(mid: string, track: MediaTrack, wrtc: Wrtc, deliver: ReceiveAudio) {
    this.mid = mid;
    this.#track = track;
    this.#wrtc = wrtc;
    this.#deliver = deliver;
  }

  receive(wanted: boolean): void {
    if (wanted === (this.#sink !== undefined)) return;
    if (!wanted) return this.close();
    this.#sink = new this.#wrtc.nonstandard.RTCAudioSink(this.#track);
    this.#sink.ondata = this.#take;
  }

  close(): void {
    if (this.#sink === undefined) return;
    this.#sink.ondata = null;
    this.#sink.stop();
    this.#sink = undefined;
  }

  #take = (data: EngineAudioData): void => {
    if (this.#hidden < LONGEST_HIDDEN) {
      if (data.sampleRate === UNKNOWN_RATE && isSilent(data.samples)) {
        this.#hidden++;
        return;
      }
      this.#hidden = LONGEST_HIDDEN;
    }
    this.#deliver(data.samples, data.sampleRate, data.channelCount);
  };
}

function isSilent(samples: Int16Array): boolean {
  return samples.every((sample) => sample === 0);
}
