import { type AudioFormat, sameAudioFormat } from '../audio-format.ts';
import { AudioFrame } from '../audio-frame.ts';
import type { Frame } from '../frame.ts';
import type { Gap } from '../gap.ts';
import { AudioConverter } from '../kernels/audio-converter.ts';
import type { MediaFormat } from '../media-format.ts';
import { type Micros, samplesToMicros } from '../time.ts';
import type { ConverterTarget, LinkConverter } from './link-converter.ts';

/** Resamples and remixes on a link. Keeps epochs and gaps in place, and time by counting samples. */
export class AudioLinkConverter implements LinkConverter {
  readonly name: string;
  readonly output: MediaFormat;
  readonly latencyMs: number;
  readonly #to: AudioFormat;
  readonly #converter: AudioConverter;
  #anchor: Micros | undefined;
  #emitted = 0;
  #epoch = 0;
  #gap: Gap | undefined;

  constructor(from: AudioFormat, to: AudioFormat) {
    this.#to = to;
    this.#converter = new AudioConverter(from, to);
    this.output = { kind: 'audio', ...to };
    this.latencyMs = this.#converter.latencyMs;
    const parts = [`${from.sampleRate} -> ${to.sampleRate} Hz`, `${from.channels} -> ${to.channels} channels`];
    this.name = parts
      .filter((_, i) => (i === 0 ? from.sampleRate !== to.sampleRate : from.channels !== to.channels))
      .join(', ');
    if (sameAudioFormat(from, to)) this.name = 'none';
  }

  push(frame: Frame, target: ConverterTarget): void {
    const audio = frame as AudioFrame;
    if (audio.gap !== undefined) {
      this.flush(target);
      this.#gap = audio.gap;
    }
    this.#anchor ??= audio.timestamp;
    this.#epoch = audio.epoch;
    const samples = this.#converter.process(audio.samples);
    // A conversion that has nothing to do gives the input back: then the frame's memory must live on.
    if (samples !== audio.samples) audio.close();
    this.#emit(samples, target);
  }

  flush(target: ConverterTarget): void {
    if (this.#anchor !== undefined) this.#emit(this.#converter.flush(), target);
    this.reset();
  }

  reset(): void {
    this.#converter.reset();
    this.#anchor = undefined;
    this.#emitted = 0;
  }

  close(): void {
    this.#converter.close();
  }

  #emit(samples: Int16Array, target: ConverterTarget): void {
    if (samples.length === 0) return;
    const { sampleRate, channels } = this.#to;
    const timestamp = (this.#anchor! + samplesToMicros(this.#emitted, sampleRate)) as Micros;
    this.#emitted += samples.length / channels;
    const frame = new AudioFrame({ samples, sampleRate, channels, timestamp, epoch: this.#epoch, gap: this.#gap });
    this.#gap = undefined;
    target.accept(frame);
  }
}
