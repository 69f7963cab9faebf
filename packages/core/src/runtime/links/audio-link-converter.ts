import { AudioConverter } from '../../kernels/audio-converter.ts';
import { type AudioFormat, sameAudioFormat } from '../../media/audio-format.ts';
import { AudioFrame } from '../../media/audio-frame.ts';
import type { Frame, Utterance } from '../../media/frame.ts';
import { type Gap, joinGaps } from '../../media/gap.ts';
import type { MediaFormat } from '../../media/media-format.ts';
import { PauseWatch } from '../../operators/pause-watch.ts';
import { type Micros, samplesToMicros } from '../../time/units.ts';
import type { ConverterTarget, LinkConverter } from './link-converter.ts';

/** Timestamps that stray further than this from the sample count are followed, in microseconds. */
const STRAY_MICROS = 1_000;

/**
 * Resamples and remixes on a link. Keeps epochs and gaps in place, and time by counting samples. What it holds back leaves
 * when the sender pauses, before a gap and at the end.
 */
export class AudioLinkConverter implements LinkConverter {
  readonly name: string;
  readonly output: MediaFormat;
  readonly latencyMs: number;
  readonly #to: AudioFormat;
  readonly #converter: AudioConverter;
  #anchor: Micros | undefined;
  #received = 0;
  #emitted = 0;
  #epoch = 0;
  #utterance: Utterance | undefined;
  #gap: Gap | undefined;
  readonly #pauses: PauseWatch;
  /** Everything has left, and nothing has come since. */
  #paused = false;
  #target: ConverterTarget | undefined;

  /** @param sender who may pause */
  constructor(from: AudioFormat, to: AudioFormat, sender: ConstructorParameters<typeof PauseWatch>[0]) {
    // Whoever takes so many channels takes them for whatever speakers.
    this.#to = from.channels === to.channels ? { ...to, channelMask: from.channelMask } : to;
    this.#pauses = new PauseWatch(sender, () => this.#drain());
    this.#converter = new AudioConverter(from, this.#to);
    this.output = { kind: 'audio', ...this.#to };
    this.latencyMs = this.#converter.latencyMs;
    const parts = [`${from.sampleRate} -> ${to.sampleRate} Hz`, `${from.channels} -> ${to.channels} channels`];
    this.name = parts
      .filter((_, i) => (i === 0 ? from.sampleRate !== to.sampleRate : from.channels !== to.channels))
      .join(', ');
    if (sameAudioFormat(from, to)) this.name = 'none';
  }

  push(frame: Frame, target: ConverterTarget): void {
    const audio = frame as AudioFrame;
    this.#target = target;
    if (audio.gap !== undefined) {
      this.#break();
      this.#gap = joinGaps(this.#gap, audio.gap);
    }
    this.#follow(audio);
    this.#epoch = audio.epoch;
    this.#utterance = audio.utterance;
    this.#received += audio.length;
    const durationMs = audio.duration / 1000;
    const samples = this.#converter.process(audio.samples);
    // A conversion that has nothing to do gives the input back: then the frame's memory must live on.
    if (samples !== audio.samples) audio.close();
    this.#emit(samples, target);
    if (this.latencyMs > 0) this.#pauses.came(durationMs);
  }

  flush(target: ConverterTarget): void {
    if (this.#anchor !== undefined) this.#emit(this.#converter.flush(), target);
    this.reset();
  }

  reset(): void {
    this.#pauses.stop();
    this.#converter.reset();
    this.#begin();
    this.#gap = undefined;
  }

  close(): void {
    this.#pauses.stop();
    this.#converter.close();
  }

  #drain(): void {
    if (this.#anchor === undefined) return;
    this.#paused = true;
    this.#emit(this.#converter.drain(), this.#target!);
  }

  /** What comes next does not follow on what was there before. */
  #break(): void {
    this.#drain();
    this.#converter.beginStretch();
    this.#begin();
  }

  #begin(): void {
    this.#anchor = undefined;
    this.#received = 0;
    this.#emitted = 0;
    this.#paused = false;
  }

  /** Keeps to the frame's time where it strays from the count. */
  #follow(frame: AudioFrame): void {
    const anchor = frame.timestamp - samplesToMicros(this.#received, frame.sampleRate);
    if (this.#anchor === undefined || Math.abs(anchor - this.#anchor) > STRAY_MICROS) {
      if (this.#paused) this.#break();
      this.#anchor = (frame.timestamp - samplesToMicros(this.#received, frame.sampleRate)) as Micros;
    }
    this.#paused = false;
  }

  #emit(samples: Int16Array, target: ConverterTarget): void {
    if (samples.length === 0) return;
    const { sampleRate, channels } = this.#to;
    const timestamp = (this.#anchor! + samplesToMicros(this.#emitted, sampleRate)) as Micros;
    this.#emitted += samples.length / channels;
    const frame = new AudioFrame({
      samples,
      timestamp,
      epoch: this.#epoch,
      gap: this.#gap,
      utterance: this.#utterance,
      // Last: fields behind a spread cost an object a microsecond each.
      ...this.#to,
    });
    this.#gap = undefined;
    target.accept(frame);
  }
}
