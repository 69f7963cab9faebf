import { AudioConverter } from '@sluice/core/kernels';

/** What every received track is given out with, in Hz: the engine's own rate for all that is not telephony. */
export const RECEIVED_RATE = 48_000;
/** The engine begins another rate with 2 ms of its filter's own making: they are covered, and what follows is faded in. */
const COVERED = 120;
const SEAM = 2 * COVERED;
/** Input that a converter is given before the first, so that it does not begin in silence. Its filter looks back so far. */
const PRIMER = 40;

/**
 * Gives a received track one rate. The engine mixes all calls of its process, and a track comes with the highest rate that
 * any of them has just now: telephony at 8 kHz, until somebody else calls.
 */
export class SteadyRate {
  readonly #deliver: (samples: Int16Array, channels: number) => void;
  #sampleRate = RECEIVED_RATE;
  #channels = 0;
  #converter: AudioConverter | undefined;
  /** Output of the primer that has not come yet, in samples per channel. */
  #skip = 0;
  /** The end of what was delivered, one seam long. */
  #history = new Int16Array(0);
  #seam = false;

  constructor(deliver: (samples: Int16Array, channels: number) => void) {
    this.#deliver = deliver;
  }

  /** Takes a piece in whatever rate. The array is given on where nothing has to be done to it. */
  push(samples: Int16Array, sampleRate: number, channels: number): void {
    if (sampleRate !== this.#sampleRate || channels !== this.#channels) this.#change(samples, sampleRate, channels);
    this.#give(this.#converter === undefined ? samples : this.#converter.process(samples));
  }

  #change(first: Int16Array, sampleRate: number, channels: number): void {
    if (this.#converter !== undefined) this.#give(this.#converter.drain());
    this.#converter?.close();
    this.#converter = undefined;
    this.#skip = 0;
    this.#seam = channels === this.#channels;
    if (!this.#seam) this.#history = new Int16Array(SEAM * channels);
    this.#sampleRate = sampleRate;
    this.#channels = channels;
    if (sampleRate === RECEIVED_RATE) return;
    this.#converter = new AudioConverter({ sampleRate, channels }, { sampleRate: RECEIVED_RATE, channels });
    const primer = turned(first, channels);
    this.#skip = Math.round((primer.length / channels / sampleRate) * RECEIVED_RATE);
    this.#give(this.#converter.process(primer));
  }

  #give(converted: Int16Array): void {
    const channels = this.#channels;
    let samples = converted;
    if (this.#skip > 0) {
      const count = Math.min(this.#skip, samples.length / channels);
      this.#skip -= count;
      samples = samples.slice(count * channels);
    }
    if (samples.length === 0) return;
    if (this.#seam) {
      this.#seam = false;
      this.#smooth(samples);
    }
    this.#remember(samples);
    this.#deliver(samples, channels);
  }

  #remember(samples: Int16Array): void {
    const history = this.#history;
    const kept = Math.max(0, history.length - samples.length);
    history.copyWithin(0, history.length - kept);
    history.set(samples.subarray(Math.max(0, samples.length - history.length)), kept);
  }

  /** Goes back over what was heard last until the new rate is itself: no step, and as loud as it was. */
  #smooth(samples: Int16Array): void {
    const channels = this.#channels;
    const length = Math.min(SEAM, samples.length / channels);
    for (let index = 0; index < length; index++) {
      const fresh = Math.max(0, index - COVERED) / COVERED;
      for (let channel = 0; channel < channels; channel++) {
        const at = index * channels + channel;
        const former = this.#history[(SEAM - 1 - index) * channels + channel]!;
        samples[at] = Math.round(former * (1 - fresh) + samples[at]! * fresh);
      }
    }
  }
}

/** The beginning of a stream, turned about its first sample: what may have come before it. */
function turned(samples: Int16Array, channels: number): Int16Array {
  const frames = Math.min(PRIMER, samples.length / channels - 1);
  const before = new Int16Array(Math.max(0, frames) * channels);
  for (let index = 0; index < before.length; index++) {
    const channel = index % channels;
    const mirrored = samples[(frames - Math.floor(index / channels)) * channels + channel]!;
    before[index] = Math.max(-32_768, Math.min(32_767, 2 * samples[channel]! - mirrored));
  }
  return before;
}
