import {
  type ActorContext,
  AudioFrame,
  type Gap,
  type Interruption,
  joinGaps,
  type Micros,
  PauseWatch,
  sameAudioStream,
  samplesToMicros,
  type Utterance,
} from '@sluice/core';
import type { Subscriber } from 'rxjs';
import { blockLength, Denoiser } from './denoiser.ts';
import { extension } from './extension.ts';
import type { RnnoiseModule } from './load-rnnoise.ts';
import { refuseSound, sampleRate } from './refuse-sound.ts';

/** Timestamps that stray further than this from where the frame before ended do not follow on it, in microseconds. */
const strayMicros = 1_000;

/** What a block is, beside its samples: that of its first one. */
interface Label {
  readonly timestamp: Micros;
  readonly gap: Gap | undefined;
  readonly utterance: Utterance | undefined;
}

/** Frames of any length to blocks, through RNNoise, to frames of 10 ms with the labels of what they were. */
export class DenoisedStream {
  readonly #wasm: RnnoiseModule;
  readonly #destination: Subscriber<AudioFrame>;
  readonly #pauses: PauseWatch;
  readonly #context: ActorContext;
  #denoiser: Denoiser | undefined;
  #format: { sampleRate: number; channels: number; channelMask: number | undefined } | undefined;
  #epoch = 0;
  /** Where the frame before ended. */
  #end = Number.NaN;
  #block = new Int16Array(0);
  #filled = 0;
  #label: Label | undefined;
  /** Of the block that RNNoise still has. */
  #kept: Label | undefined;
  #gap: Gap | undefined;
  /** Whether the denoiser has heard something that the next block does not follow on. */
  #stale = false;

  constructor(wasm: RnnoiseModule, destination: Subscriber<AudioFrame>, context: ActorContext) {
    this.#wasm = wasm;
    this.#destination = destination;
    this.#context = context;
    this.#pauses = new PauseWatch(context, () => this.flush());
  }

  /** Takes a frame of 48 kHz over. */
  take(frame: AudioFrame): void {
    try {
      this.#follow(frame);
      this.#read(frame);
    } finally {
      frame.close();
    }
    this.#pauses.came(frame.duration / 1_000);
  }

  /** Emits all that is kept. What comes next is another stretch. */
  flush(): void {
    this.#pauses.stop();
    const rest = this.#filled;
    const real = rest > 0 ? rest : this.#block.length;
    const after = extension(this.#block, real, this.#format?.channels ?? 1);
    if (rest > 0) {
      this.#block.set(after.subarray(0, this.#block.length - rest), rest);
      this.#run();
    }
    const label = this.#kept;
    const denoiser = this.#denoiser;
    this.#begin();
    if (label === undefined || denoiser === undefined) return;
    const tail = denoiser.process(after.subarray(this.#block.length - real, 2 * this.#block.length - real));
    this.#emit(tail.slice(0, real), label);
  }

  /** Forgets what it keeps. */
  drop(interruption?: Interruption): void {
    this.#pauses.stop();
    const kept = this.#filled / (this.#format?.channels ?? 1) + (this.#kept === undefined ? 0 : blockLength);
    interruption?.dropped(samplesToMicros(kept, sampleRate));
    this.#begin();
    this.#gap = undefined;
  }

  close(): void {
    this.#pauses.stop();
    this.#denoiser?.free();
    this.#denoiser = undefined;
  }

  /** Finds out whether a frame follows on what came before. */
  #follow(frame: AudioFrame): void {
    refuseSound(frame);
    const { epoch, gap, channels, channelMask } = frame;
    if (epoch !== this.#epoch) this.drop();
    else if (this.#format !== undefined && !sameAudioStream(this.#format, frame)) this.flush();
    else if (gap !== undefined || Math.abs(frame.timestamp - this.#end) > strayMicros) this.flush();
    this.#epoch = epoch;
    this.#gap = joinGaps(this.#gap, gap);
    if (this.#denoiser?.channels !== channels) {
      this.close();
      this.#denoiser = new Denoiser(this.#wasm, channels, (invalid) => this.#context.countInvalid(invalid));
      this.#block = new Int16Array(blockLength * channels);
      this.#stale = false;
    }
    this.#format = { sampleRate, channels, channelMask };
  }

  #read(frame: AudioFrame): void {
    const { samples, channels } = frame;
    for (let offset = 0; offset < samples.length; ) {
      if (this.#filled === 0) this.#label = this.#labelOf(frame, offset / channels);
      const end = Math.min(samples.length, offset + this.#block.length - this.#filled);
      this.#block.set(offset === 0 && end === samples.length ? samples : samples.subarray(offset, end), this.#filled);
      this.#filled += end - offset;
      offset = end;
      if (this.#filled === this.#block.length) this.#run();
    }
    this.#end = frame.timestamp + frame.duration;
  }

  #labelOf(frame: AudioFrame, offset: number): Label {
    const timestamp = (frame.timestamp + samplesToMicros(offset, sampleRate)) as Micros;
    const label = { timestamp, gap: this.#gap, utterance: frame.utterance };
    this.#gap = undefined;
    return label;
  }

  /** Gives RNNoise the block that is full, and emits the one before it. */
  #run(): void {
    if (this.#stale) this.#denoiser!.prime(this.#block);
    const output = this.#denoiser!.process(this.#block);
    const label = this.#kept;
    this.#kept = this.#label;
    this.#stale = false;
    this.#filled = 0;
    if (label !== undefined) this.#emit(output, label);
  }

  #begin(): void {
    this.#filled = 0;
    this.#kept = undefined;
    this.#stale = this.#denoiser !== undefined;
  }

  #emit(samples: Int16Array, label: Label): void {
    const frame = new AudioFrame({ samples, epoch: this.#epoch, ...this.#format!, ...label });
    if (this.#destination.closed) frame.close();
    else this.#destination.next(frame);
  }
}
