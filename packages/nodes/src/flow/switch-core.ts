import {
  type AudioFormat,
  AudioFrame,
  type Interruption,
  invalidArgument,
  type Micros,
  microsToSamples,
  SoundContinuity,
  sameAudioStream,
  samplesToMicros,
  type Utterance,
} from '@sluice/core';
import { SeamlessConverter } from '@sluice/core/kernels';
import { crossFaded, faded } from '../kernels/audio/fade.ts';

/** Length of the fade where a former input breaks off, in milliseconds. */
const FADE_MS = 5;

const none = new Int16Array(0);

interface Input {
  converter: SeamlessConverter | undefined;
  readonly continuity: SoundContinuity;
  ended: boolean;
}

export interface SwitchCoreOptions {
  /** Length of the cross-fade, in milliseconds. */
  readonly crossFadeMs: number;
  /** The format that leaves; the first frame's if absent. */
  readonly format?: AudioFormat | undefined;
}

/**
 * Chooses one of several inputs, without a clock and without RxJS. The chosen input's frames set the pace. A newly
 * chosen one takes over with its first frame, and the former goes on until then; during the cross-fade the former's
 * frames are kept for at most its length, and the new one's first frame waits for them, one frame at most.
 */
export class SwitchCore {
  readonly #emit: (frame: AudioFrame) => void;
  readonly #crossFadeMs: number;
  #format: AudioFormat | undefined;
  readonly #inputs = new Map<string, Input>();
  #chosen: string | undefined;
  #wanted: string | undefined;
  /** The input that fades out, its samples that wait, and how far the fade is, in samples per channel. */
  #former: string | undefined;
  #tail: Int16Array = none;
  #faded = 0;
  #fadeLength = 0;
  #waiting: AudioFrame | undefined;
  #position = 0;
  #epoch = 0;
  /** Of what was chosen last. */
  #utterance: Utterance | undefined;

  /** @param emit takes each frame that leaves */
  constructor(options: SwitchCoreOptions, emit: (frame: AudioFrame) => void) {
    this.#crossFadeMs = options.crossFadeMs;
    this.#format = options.format;
    this.#emit = emit;
  }

  add(id: string): void {
    this.#inputs.set(id, { converter: undefined, continuity: new SoundContinuity(), ended: false });
  }

  /** The input that was chosen last. */
  get selected(): string | undefined {
    return this.#wanted;
  }

  /** Chooses an input; it takes over with its next frame. */
  select(id: string): void {
    if (!this.#inputs.has(id)) throw invalidArgument('select', `one of: ${[...this.#inputs.keys()].join(', ')}`, id);
    this.#wanted = id;
    this.#chosen ??= id;
  }

  /** Takes a frame over: it leaves, is faded out, or is dropped. */
  push(id: string, frame: AudioFrame): void {
    if (frame.epoch < this.#epoch) {
      frame.close();
      return;
    }
    if (frame.epoch > this.#epoch) {
      this.#epoch = frame.epoch;
      this.#drop();
    }
    if (id === this.#wanted && id !== this.#chosen) this.#takeOver(id);
    if (frame.gap !== undefined) this.#break(id);
    if (id === this.#chosen) this.#forward(id, frame);
    else if (id === this.#former) this.#keep(id, frame);
    else frame.close();
  }

  /** Whether a conversion of the chosen input holds something back. */
  get holds(): boolean {
    return (this.#inputs.get(this.#chosen!)?.converter?.latencyMs ?? 0) > 0;
  }

  /** The chosen input pauses: what its conversion holds back would be heard in front of what comes next. */
  pause(): void {
    if (this.#former === undefined) this.#leaveTail(this.#inputs.get(this.#chosen!)?.converter?.drain());
  }

  /** An input has no more frames. */
  end(id: string): void {
    const input = this.#inputs.get(id);
    if (input === undefined) return;
    input.ended = true;
    if (id === this.#former) this.#flushWaiting();
    if (id === this.#chosen) this.#endChosen(input.converter);
    input.converter?.close();
    input.converter = undefined;
  }

  /** Whether every input has ended. */
  get finished(): boolean {
    for (const { ended } of this.#inputs.values()) if (!ended) return false;
    return true;
  }

  /** Whether a frame of this input is of use now. A source that can be asked waits until it is. */
  wants(id: string): boolean {
    if (id === this.#chosen) return this.#waiting === undefined;
    if (id === this.#former)
      return this.#tail.length < (this.#fadeLength - this.#faded) * (this.#format?.channels ?? 1);
    return id === this.#wanted;
  }

  /** Drops what waits from before the interruption's epoch. */
  interrupt(interruption: Interruption): void {
    this.#epoch = interruption.epoch;
    if (this.#waiting !== undefined) interruption.dropped(this.#waiting.duration);
    this.#drop();
    for (const { converter } of this.#inputs.values()) converter?.reset();
  }

  close(): void {
    this.#drop();
    for (const input of this.#inputs.values()) {
      input.converter?.close();
      input.converter = undefined;
    }
  }

  #drop(): void {
    this.#waiting?.close();
    this.#waiting = undefined;
    this.#former = undefined;
    this.#tail = none;
  }

  #takeOver(id: string): void {
    this.#flushWaiting();
    // It was not listened to: what its conversion holds is from another time, unless it is still fading out.
    if (id !== this.#former) this.#inputs.get(id)!.converter?.reset();
    this.#former = this.#chosen;
    this.#chosen = id;
    this.#tail = none;
    this.#faded = 0;
    this.#fadeLength = Math.round((this.#crossFadeMs * (this.#format?.sampleRate ?? 0)) / 1000);
    if (this.#fadeLength === 0 || this.#inputs.get(this.#former!)?.ended !== false) this.#former = undefined;
  }

  #forward(id: string, frame: AudioFrame): void {
    this.#format ??= { sampleRate: frame.sampleRate, channels: frame.channels, channelMask: frame.channelMask };
    const converted = this.#convert(id, frame);
    this.#utterance = converted.utterance;
    this.#flushWaiting();
    if (this.#former === undefined) {
      this.#leave(converted);
      return;
    }
    this.#waiting = converted;
    if (this.#tail.length >= this.#overlap(converted)) this.#flushWaiting();
  }

  /** Values of the former input that a frame is to be mixed with. */
  #overlap(frame: AudioFrame): number {
    return Math.min(frame.length, this.#fadeLength - this.#faded) * frame.channels;
  }

  #keep(id: string, frame: AudioFrame): void {
    const kept = this.#convert(id, frame);
    const { samples } = kept;
    const limit = (this.#fadeLength - this.#faded) * this.#format!.channels;
    const joined = new Int16Array(Math.min(limit, this.#tail.length + samples.length));
    joined.set(this.#tail);
    joined.set(samples.subarray(0, joined.length - this.#tail.length), this.#tail.length);
    this.#tail = joined;
    kept.close();
    if (this.#waiting !== undefined && joined.length >= this.#overlap(this.#waiting)) this.#flushWaiting();
  }

  /** Emits the frame that waits, mixed with what is there of the former input. */
  #flushWaiting(): void {
    const frame = this.#waiting;
    if (frame === undefined) return;
    this.#waiting = undefined;
    const overlap = this.#overlap(frame);
    const tail = this.#tail.length < overlap ? this.#fadedTail(frame) : this.#tail.subarray(0, overlap);
    const mixed = frame.derive({
      samples: crossFaded(tail, frame.samples, frame.channels, this.#faded, this.#fadeLength),
    });
    this.#tail = this.#tail.slice(overlap);
    this.#faded += frame.length;
    if (this.#faded >= this.#fadeLength) this.#former = undefined;
    frame.close();
    this.#leave(mixed);
  }

  /** What there is of a former input that has no more, without a click at its end. */
  #fadedTail({ sampleRate, channels }: AudioFormat): Int16Array {
    const tail = this.#tail.slice();
    const length = Math.min(tail.length / channels, Math.round((FADE_MS * sampleRate) / 1000));
    const end = tail.subarray(tail.length - length * channels);
    end.set(faded(end, channels, 0, length, 'linear', true));
    return tail;
  }

  #endChosen(converter: SeamlessConverter | undefined): void {
    this.#flushWaiting();
    this.#leaveTail(converter?.flush());
  }

  /** What comes next from an input does not follow on what was there before. */
  #break(id: string): void {
    const converter = this.#inputs.get(id)?.converter;
    if (converter === undefined) return;
    const tail = converter.drain();
    converter.beginStretch();
    if (id !== this.#chosen) return;
    this.#flushWaiting();
    this.#leaveTail(tail);
  }

  #leaveTail(samples: Int16Array = none): void {
    if (samples.length === 0) return;
    this.#leave(
      new AudioFrame({
        ...this.#format!,
        samples,
        timestamp: 0 as Micros,
        epoch: this.#epoch,
        utterance: this.#utterance,
      }),
    );
  }

  /** The frame in the format that leaves. */
  #convert(id: string, frame: AudioFrame): AudioFrame {
    const format = this.#format!;
    const input = this.#inputs.get(id)!;
    input.converter ??= new SeamlessConverter(format);
    const { converter, continuity } = input;
    const next = continuity.isContinuedBy(frame) ? frame.samples : undefined;
    continuity.came(frame);
    let rest: Int16Array = none;
    if (converter.from === undefined || !sameAudioStream(converter.from, frame)) rest = converter.change(frame, next);
    const converted = converter.process(frame.samples);
    if (converted === frame.samples && rest.length === 0) return frame;
    const samples = new Int16Array(rest.length + converted.length);
    samples.set(rest);
    samples.set(converted, rest.length);
    const out = frame.derive({ samples, channelMask: undefined, ...format });
    frame.close();
    return out;
  }

  #leave(frame: AudioFrame): void {
    if (frame.gap !== undefined) this.#position += microsToSamples(frame.gap.duration, frame.sampleRate);
    const timestamp = samplesToMicros(this.#position, frame.sampleRate);
    this.#position += frame.length;
    if (frame.samples.length === 0) frame.close();
    else this.#emit(frame.timestamp === timestamp ? frame : frame.move({ timestamp }));
  }
}
