import { type AudioFrame, type Clock, checkKeys, createSink, idsOf, type Sink } from '@sluice/core';
import { BandPowers, bandCentres } from '../../kernels/audio/band-powers.ts';
import { STEP_MS } from '../../kernels/audio/echo-detector.ts';
import { VoiceTrack } from '../recording/voice-track.ts';

const RATE = 16_000;
const STEP = (RATE * STEP_MS) / 1_000;
/** What is placed at once, in samples: 20 ms. */
const PIECE = RATE / 50;
/** How much of the own voice is kept, in steps: what lies ahead of its device and what guards have yet to read. */
const KEPT = 256;

/** What an {@link EchoReference} tells time by. */
export interface EchoReferenceOptions {
  /** The graph's clock. */
  readonly clock: Clock;
}

/** A receipt that tells when a sample of its utterance has left the device: those of devices do. */
export interface MarkingReceipt {
  /** Calls when the sample `atMs` milliseconds after its first has left; never if that was dropped. */
  mark(atMs: number, reached: () => void): unknown;
}

/** What an agent's own voice was, when. For `echoGuard`; any number of guards read one. */
export interface EchoReference {
  /** Takes the voice on its way to a device. `receipt` tells when each piece leaves it. */
  played(receipt: (id: string) => MarkingReceipt): Sink<AudioFrame, void>;
  /** Powers in the bands of a step of 10 ms of the clock; steps are read in order, older ones stay for two seconds. */
  powersAt(step: number, powers: Float64Array): void;
}

/**
 * Remembers an own voice as it left its device, on the clock: what an interruption drops is not in it, and what a pause
 * delays comes later. Mono, 16 kHz; a graph converts.
 *
 * @see echoGuard
 */
export function echoReference(options: EchoReferenceOptions): EchoReference {
  checkKeys<EchoReferenceOptions>('echoReference', options, { clock: true });
  return new PlayedVoice(options.clock);
}

class PlayedVoice implements EchoReference {
  readonly #clock: Clock;
  readonly #samples = new Int16Array(KEPT * STEP);
  readonly #powers = new Float64Array(KEPT * bandCentres.length);
  readonly #bands = new BandPowers(RATE);
  /** Steps before it are measured. */
  #measured: number | undefined;
  /** Samples before it are there. */
  #end = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  played(receipt: (id: string) => MarkingReceipt): Sink<AudioFrame, void> {
    const track = new VoiceTrack(RATE);
    const offsets = new Map<string, number>();
    const take = (frame: AudioFrame) => {
      const id = idsOf(frame.utterance)[0];
      if (id === undefined) return;
      const offset = offsets.get(id) ?? 0;
      if (offset === 0 && offsets.size > 64) offsets.delete(offsets.keys().next().value!);
      offsets.set(id, offset + frame.length);
      const told = receipt(id);
      // Piece by piece: a sentence may come as one frame, and be paused or cut in its middle.
      for (let at = 0; at < frame.length; at += PIECE) {
        const samples = frame.samples.slice(at, at + PIECE);
        told.mark(((offset + at) * 1_000) / RATE, () =>
          this.#place(samples, track.place(this.#clock.now(), samples.length)),
        );
      }
    };
    return createSink<AudioFrame, void>({
      name: 'echoReference',
      accepts: { kind: 'audio', sampleRate: RATE, channels: 1 },
      open: () => ({
        write: (frame) => {
          take(frame);
          frame.close();
        },
        end: () => {},
      }),
    });
  }

  powersAt(step: number, powers: Float64Array): void {
    const from = this.#measured ?? step;
    this.#measured = Math.max(from, step + 1);
    // After a long rest only what is still kept.
    for (let next = Math.max(from, step - KEPT / 2); next <= step; next++) this.#measure(next);
    const at = (step % KEPT) * bandCentres.length;
    if (step < this.#measured - KEPT) powers.fill(0);
    else powers.set(this.#powers.subarray(at, at + bandCentres.length));
  }

  #measure(step: number): void {
    const at = step % KEPT;
    const powers = this.#powers.subarray(at * bandCentres.length, (at + 1) * bandCentres.length);
    this.#silence((step + 1) * STEP);
    this.#bands.measure(this.#samples, at * STEP, (at + 1) * STEP, powers);
  }

  #place(samples: Int16Array, at: number): void {
    this.#silence(at + samples.length);
    for (let index = 0; index < samples.length; index++)
      this.#samples[(at + index) % this.#samples.length] = samples[index]!;
  }

  /** What lies before an index and was not placed is silence, not what was there a lap ago. */
  #silence(end: number): void {
    const { length } = this.#samples;
    for (let index = Math.max(this.#end, end - length); index < end; index++) this.#samples[index % length] = 0;
    this.#end = Math.max(this.#end, end);
  }
}
