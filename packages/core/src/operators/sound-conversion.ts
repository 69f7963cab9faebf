import {
  SeamlessConverter,
  type SeamlessConverterOptions,
  type SeamlessTarget,
} from '../kernels/seamless-converter.ts';
import { sameAudioStream } from '../media/audio-format.ts';
import { AudioFrame } from '../media/audio-frame.ts';
import type { Utterance } from '../media/frame.ts';
import { type Gap, joinGaps } from '../media/gap.ts';
import { SoundContinuity } from '../media/sound-continuity.ts';
import { type Micros, samplesToMicros } from '../time/units.ts';
import { PauseWatch } from './pause-watch.ts';

/** Takes the frames that a {@link SoundConversion} makes. */
export interface FrameTarget {
  /** The frame is the target's. */
  accept(frame: AudioFrame): void;
}

/** Timestamps that stray further than this from the sample count are followed, in microseconds. */
const strayMicros = 1_000;

/**
 * Converts a stream of frames of whatever formats to one, for operators, links and nodes. Epochs, gaps and utterances stay in
 * place; timestamps count samples from the first frame after a break, and follow the input's where those stray by more than
 * 1 ms. Where the format changes and the sound goes on, it goes on: see `SeamlessConverter`. What is held back leaves when
 * the stream pauses, before a gap and at the end. Frames that need no change pass untouched; others are closed.
 */
export class SoundConversion {
  /** Who takes what is made. */
  target: FrameTarget;
  readonly #converter: SeamlessConverter;
  readonly #continuity = new SoundContinuity();
  readonly #pauses: PauseWatch;
  #epoch = 0;
  #utterance: Utterance | undefined;
  /** Media missing before the next frame that leaves. */
  #gap: Gap | undefined;
  /** Media time of sample 0 since the last break. */
  #anchor = 0 as Micros;
  #received = 0;
  #emitted = 0;
  /** Everything has left, and nothing has come since. */
  #paused = false;

  /** @param sender who may pause */
  constructor(
    to: SeamlessTarget,
    sender: ConstructorParameters<typeof PauseWatch>[0],
    target: FrameTarget,
    options?: SeamlessConverterOptions,
  ) {
    this.#converter = new SeamlessConverter(to, options);
    this.#pauses = new PauseWatch(sender, () => this.#pause());
    this.target = target;
  }

  /** Media that is held back, in microseconds. */
  get heldMicros(): number {
    const { from, to } = this.#converter;
    if (from === undefined || to === undefined) return 0;
    const came = samplesToMicros(this.#received, from.sampleRate);
    return Math.max(0, came - samplesToMicros(this.#emitted, to.sampleRate));
  }

  /** Takes a frame over. */
  take(frame: AudioFrame): void {
    if (frame.gap !== undefined) this.#break();
    if (this.#converter.from === undefined || !sameAudioStream(this.#converter.from, frame)) this.#change(frame);
    this.#epoch = frame.epoch;
    this.#utterance = frame.utterance;
    this.#continuity.came(frame);
    if (this.#converter.passes(frame)) this.#pass(frame);
    else this.#convert(frame);
  }

  /** Emits the tail; what comes next is another stream. */
  flush(): void {
    this.#pauses.stop();
    this.#emit(this.#converter.flush());
    this.#begin();
  }

  /** Forgets what is held back, after an interruption: what comes next is another stream. */
  reset(): void {
    this.#pauses.stop();
    this.#converter.reset();
    this.#continuity.forget();
    this.#begin();
    this.#gap = undefined;
  }

  /** Ends its use. What is held back is lost. */
  close(): void {
    this.#pauses.stop();
    this.#converter.close();
  }

  #change(frame: AudioFrame): void {
    this.#pauses.stop();
    const next = this.#continuity.isContinuedBy(frame) ? frame.samples : undefined;
    const before = this.#converter.to;
    const tail = this.#converter.change(frame, next);
    if (before !== undefined) this.#emit(tail, before);
    this.#begin();
  }

  /** Nothing follows for now: the tail leaves, or it would be heard at the beginning of what comes next. */
  #pause(): void {
    this.#paused = true;
    this.#emit(this.#converter.drain());
  }

  /** What comes next does not follow on what was there before. */
  #break(): void {
    this.#pause();
    this.#converter.beginStretch();
    this.#begin();
  }

  #begin(): void {
    this.#received = 0;
    this.#emitted = 0;
    this.#paused = false;
  }

  #pass(frame: AudioFrame): void {
    this.#received += frame.length;
    this.#emitted += frame.length;
    const gap = joinGaps(this.#gap, frame.gap);
    this.#gap = undefined;
    const samples = this.#converter.process(frame.samples);
    if (samples === frame.samples) return this.target.accept(gap === frame.gap ? frame : frame.move({ gap }));
    const faded = frame.derive({ samples, gap });
    frame.close();
    this.target.accept(faded);
  }

  #convert(frame: AudioFrame): void {
    this.#gap = joinGaps(this.#gap, frame.gap);
    this.#follow(frame);
    this.#received += frame.length;
    const samples = this.#converter.process(frame.samples);
    const durationMs = frame.duration / 1000;
    frame.close();
    // First, since whoever gets the samples may close this.
    if (this.#converter.latencyMs > 0) this.#pauses.came(durationMs);
    this.#emit(samples);
  }

  /** Keeps to the frame's time where it strays from the count. */
  #follow(frame: AudioFrame): void {
    const anchor = frame.timestamp - samplesToMicros(this.#received, frame.sampleRate);
    if (this.#received === 0 || Math.abs(anchor - this.#anchor) > strayMicros) {
      if (this.#paused) this.#break();
      const { lead, to } = this.#converter;
      const ahead = Math.round((lead * 1e6) / to!.sampleRate);
      this.#anchor = (frame.timestamp - samplesToMicros(this.#received, frame.sampleRate) + ahead) as Micros;
    }
    this.#paused = false;
  }

  #emit(samples: Int16Array, { sampleRate, channels, channelMask } = this.#converter.to ?? none): void {
    if (samples.length === 0) return;
    const timestamp = (this.#anchor + samplesToMicros(this.#emitted, sampleRate)) as Micros;
    this.#emitted += samples.length / channels;
    const gap = this.#gap;
    this.#gap = undefined;
    this.target.accept(
      new AudioFrame({
        samples,
        sampleRate,
        channels,
        channelMask,
        timestamp,
        epoch: this.#epoch,
        gap,
        utterance: this.#utterance,
      }),
    );
  }
}

const none = { sampleRate: 1, channels: 1, channelMask: undefined };
