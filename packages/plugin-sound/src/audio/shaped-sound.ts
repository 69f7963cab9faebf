import {
  type ActorContext,
  AudioFrame,
  type HeldStretch,
  HeldStretches,
  type Interruption,
  type Micros,
  PauseWatch,
  SampleMemory,
  sameAudioStream,
  samplesToMicros,
} from '@sluice/core';
import type { Subscriber } from 'rxjs';
import { leaves, type SoundProcessor } from '../kernels/sound-processor.ts';

/**
 * Takes a stream of frames through a processor: in memory that is used again once they are closed, with the times, gaps and
 * utterances that their samples had. What the processor keeps back leaves at the end, before a change of format and
 * when a live stream pauses.
 */
export class ShapedSound<P extends SoundProcessor> {
  #processor: P | undefined;
  readonly #make: (sampleRate: number, channels: number) => P;
  readonly #destination: Subscriber<AudioFrame>;
  readonly #memory = new SampleMemory();
  readonly #stretches = new HeldStretches();
  readonly #pauses: PauseWatch;
  #format = { sampleRate: 0, channels: 0, channelMask: undefined as number | undefined };
  #epoch = 0;
  /** What leaves now, and how much of it has. */
  #samples: Int16Array = new Int16Array(0);
  #sent = 0;

  constructor(
    destination: Subscriber<AudioFrame>,
    context: ActorContext,
    make: (sampleRate: number, channels: number) => P,
  ) {
    this.#destination = destination;
    this.#make = make;
    this.#pauses = new PauseWatch(context, () => this.flush());
  }

  /** That of the present format. */
  get processor(): P | undefined {
    return this.#processor;
  }

  take(frame: AudioFrame): void {
    const processor = this.#follow(frame);
    const samples = this.#memory.take(leaves(processor, frame.length) * frame.channels);
    const changed = processor.process(frame.samples, samples);
    if (processor.lookahead > 0) this.#delay(frame, samples);
    else if (changed) {
      const shaped = frame.derive({ samples, release: this.#memory.release });
      frame.close();
      this.#emit(shaped);
    } else {
      this.#memory.release(samples);
      this.#emit(frame);
    }
  }

  /** Emits what is kept. */
  flush(): void {
    this.#pauses.stop();
    const held = this.#processor?.held ?? 0;
    if (held === 0) return;
    const samples = this.#memory.take(held * this.#format.channels);
    this.#processor!.drain(samples);
    this.#send(samples);
  }

  /** Forgets what is kept. */
  drop(interruption?: Interruption): void {
    this.#pauses.stop();
    const held = this.#processor?.held ?? 0;
    if (held > 0) interruption?.dropped(samplesToMicros(held, this.#format.sampleRate));
    this.#processor?.reset();
    this.#stretches.clear();
  }

  #follow(frame: AudioFrame): P {
    if (frame.epoch !== this.#epoch) {
      this.drop();
      this.#epoch = frame.epoch;
    }
    if (this.#processor !== undefined && sameAudioStream(this.#format, frame)) return this.#processor;
    this.flush();
    this.#stretches.clear();
    const { sampleRate, channels, channelMask } = frame;
    this.#format = { sampleRate, channels, channelMask };
    this.#processor = this.#make(sampleRate, channels);
    return this.#processor;
  }

  #delay(frame: AudioFrame, samples: Int16Array): void {
    this.#stretches.push(frame);
    const durationMs = frame.duration / 1_000;
    frame.close();
    this.#send(samples);
    this.#pauses.came(durationMs);
  }

  /** Sends samples on, in the stretches that they came in. */
  #send(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.#samples = samples;
    this.#sent = 0;
    this.#stretches.take(samples.length / this.#format.channels, this.#give);
    // In parts they were copied.
    if (this.#sent !== Number.POSITIVE_INFINITY) this.#memory.release(samples);
  }

  readonly #give = (length: number, timestamp: Micros, { gap, utterance }: HeldStretch): void => {
    const size = length * this.#format.channels;
    const whole = size === this.#samples.length;
    const samples = whole ? this.#samples : this.#samples.slice(this.#sent, this.#sent + size);
    const release = whole ? this.#memory.release : undefined;
    this.#sent = whole ? Number.POSITIVE_INFINITY : this.#sent + size;
    this.#emit(new AudioFrame({ samples, timestamp, epoch: this.#epoch, gap, utterance, release, ...this.#format }));
  };

  #emit(frame: AudioFrame): void {
    if (this.#destination.closed) frame.close();
    else this.#destination.next(frame);
  }
}
