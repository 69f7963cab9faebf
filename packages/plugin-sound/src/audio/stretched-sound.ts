import {
  type ActorContext,
  AudioFrame,
  type Gap,
  type Interruption,
  joinGaps,
  type Micros,
  PauseWatch,
  SampleMemory,
  sameAudioStream,
  samplesToMicros,
  type Utterance,
} from '@sluice/core';
import type { Subscriber } from 'rxjs';
import { TimeStretcher } from '../kernels/time-stretcher.ts';

/** Timestamps that stray further than this from where the frame before ended do not follow on it, in microseconds. */
const strayMicros = 1_000;

/** Frames of any length through a {@link TimeStretcher}, on a timeline that is stretched as they are. */
export class StretchedSound {
  #rate: number;
  readonly #destination: Subscriber<AudioFrame>;
  readonly #memory = new SampleMemory();
  readonly #pauses: PauseWatch;
  #stretcher: TimeStretcher | undefined;
  #format = { sampleRate: 1, channels: 1, channelMask: undefined as number | undefined };
  #epoch = 0;
  #utterance: Utterance | undefined;
  /** Media missing before the next frame that leaves. */
  #gap: Gap | undefined;
  /** Where the frame before ended; undefined at the beginning of an epoch. */
  #inputEnd: number | undefined;
  /** Media time of the first sample of this stretch that leaves, and how many have. */
  #anchor = 0;
  #emitted = 0;

  constructor(destination: Subscriber<AudioFrame>, context: ActorContext, rate: number) {
    this.#destination = destination;
    this.#rate = rate;
    this.#pauses = new PauseWatch(context, () => this.flush());
  }

  set rate(rate: number) {
    this.#rate = rate;
    if (this.#stretcher !== undefined) this.#stretcher.rate = rate;
  }

  take(frame: AudioFrame): void {
    const stretcher = this.#follow(frame);
    const durationMs = frame.duration / 1_000;
    stretcher.add(frame.samples);
    frame.close();
    this.#emit(stretcher, stretcher.ready);
    this.#pauses.came(durationMs);
  }

  /** Emits all that is kept. What comes next is another stretch. */
  flush(): void {
    this.#pauses.stop();
    if (this.#stretcher === undefined) return;
    this.#emit(this.#stretcher, this.#stretcher.held);
    this.#stretcher.reset();
  }

  /** Forgets what is kept. */
  drop(interruption?: Interruption): void {
    this.#pauses.stop();
    const held = this.#stretcher?.held ?? 0;
    if (held > 0) interruption?.dropped(samplesToMicros(held, this.#format.sampleRate));
    this.#stretcher?.reset();
    this.#inputEnd = undefined;
    this.#gap = undefined;
  }

  #follow(frame: AudioFrame): TimeStretcher {
    const { epoch, gap, utterance, timestamp, sampleRate, channels, channelMask } = frame;
    if (epoch !== this.#epoch) this.drop();
    this.#epoch = epoch;
    const missing = timestamp - (this.#inputEnd ?? timestamp);
    const same = sameAudioStream(this.#format, frame) && this.#stretcher !== undefined;
    if (!same || gap !== undefined || utterance !== this.#utterance || Math.abs(missing) > strayMicros) this.flush();
    if (!same || this.#stretcher === undefined) this.#stretcher = new TimeStretcher(sampleRate, channels, this.#rate);
    if (this.#stretcher.empty) {
      const end = this.#anchor + samplesToMicros(this.#emitted, this.#format.sampleRate);
      const lost = missing > strayMicros ? missing / this.#rate : 0;
      this.#anchor = this.#inputEnd === undefined ? timestamp : Math.round(end + lost);
      this.#emitted = 0;
    }
    this.#format = { sampleRate, channels, channelMask };
    this.#utterance = utterance;
    this.#inputEnd = timestamp + frame.duration;
    if (gap !== undefined) this.#gap = joinGaps(this.#gap, this.#stretched(gap));
    return this.#stretcher;
  }

  #stretched({ duration, reason }: Gap): Gap {
    return { duration: Math.round(duration / this.#rate) as Micros, reason };
  }

  #emit(stretcher: TimeStretcher, length: number): void {
    if (length === 0) return;
    const { sampleRate, channels } = this.#format;
    const samples = this.#memory.take(length * channels);
    stretcher.read(samples);
    const frame = new AudioFrame({
      samples,
      timestamp: (this.#anchor + samplesToMicros(this.#emitted, sampleRate)) as Micros,
      epoch: this.#epoch,
      gap: this.#gap,
      utterance: this.#utterance,
      release: this.#memory.release,
      ...this.#format,
    });
    this.#gap = undefined;
    this.#emitted += length;
    if (this.#destination.closed) frame.close();
    else this.#destination.next(frame);
  }
}
