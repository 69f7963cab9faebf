import {
  type AudioFormat,
  AudioFrame,
  type Clock,
  checkKeys,
  type Gap,
  invalidArgument,
  microsToSamples,
  outOfRange,
  PauseWatch,
  samplesToMicros,
} from '@sluice/core';
import { SeamlessConverter } from '@sluice/core/kernels';
import { LiveTimeline } from '../../devices/speaker/live-timeline.ts';

/** Called with one frame per interval. The frame is yours. */
export type AudioRendererCallback = (participantId: string, frame: AudioFrame, audioSource: string) => void;

/** Which sound of a participant is heard, and in which format. */
export interface AudioRendererOptions {
  /** `microphone`, `screenAudio` or the name of a custom track. Default: `microphone`. */
  readonly audioSource?: string;
  /** Hz; 10 ms must be a whole number of samples. Default: 16000. */
  readonly sampleRate?: number;
  /** A multiple of 10 ms, up to 1,000. Default: 20. */
  readonly callbackIntervalMs?: number;
}

export type RendererFormat = Required<Omit<AudioRendererOptions, 'audioSource'>>;

/** Checks the options of a renderer and fills in the defaults. */
export function rendererFormat(options: AudioRendererOptions): RendererFormat {
  checkKeys<AudioRendererOptions>('audio renderer', options, {
    audioSource: true,
    sampleRate: true,
    callbackIntervalMs: true,
  });
  const { sampleRate = 16_000, callbackIntervalMs = 20 } = options;
  if (typeof sampleRate !== 'number') throw invalidArgument('sampleRate', 'a number of Hz', sampleRate);
  if (sampleRate < 8_000 || sampleRate > 192_000 || !Number.isInteger(sampleRate / 100))
    throw outOfRange('sampleRate', '8000 to 192000 Hz, a multiple of 100', sampleRate);
  if (typeof callbackIntervalMs !== 'number')
    throw invalidArgument('callbackIntervalMs', 'a number of ms', callbackIntervalMs);
  if (callbackIntervalMs < 10 || callbackIntervalMs > 1_000 || callbackIntervalMs % 10 !== 0)
    throw outOfRange('callbackIntervalMs', 'a multiple of 10 from 10 to 1000', callbackIntervalMs);
  return { sampleRate, callbackIntervalMs };
}

/**
 * Turns the 10 ms pieces of a received track into frames of one sample rate and length. Timestamps count samples from
 * the first one. The channels are those of the track; when they change, a shorter frame comes first, so nothing is lost.
 * When no more comes for a moment, a shorter frame gives what is there; what comes after an absence says how long it was.
 */
export class AudioRenderer {
  readonly #format: RendererFormat;
  readonly #deliver: (frame: AudioFrame) => void;
  readonly #timeline: LiveTimeline;
  readonly #pauses: PauseWatch;
  readonly #converter: SeamlessConverter;
  #pending = new Int16Array(0);
  #filled = 0;
  #channels = 0;
  #samplesOut = 0;
  #gap: Gap | undefined;

  constructor(format: RendererFormat, clock: Clock, deliver: (frame: AudioFrame) => void) {
    this.#format = format;
    this.#deliver = deliver;
    this.#converter = new SeamlessConverter({ sampleRate: format.sampleRate });
    this.#timeline = new LiveTimeline(clock, format.sampleRate);
    this.#pauses = new PauseWatch({ clock, paced: true, hasRoom: true }, () => this.#pause());
  }

  /** Takes a piece. Does not keep the array. */
  take(samples: Int16Array, sampleRate: number, channels: number): void {
    const { from } = this.#converter;
    const seconds = samples.length / channels / sampleRate;
    // Behind an absence nothing is continued.
    this.#place(Math.round(seconds * this.#format.sampleRate));
    if (from === undefined || from.sampleRate !== sampleRate || from.channels !== channels)
      this.#reformat({ sampleRate, channels }, samples);
    this.#append(this.#converter.process(samples));
    this.#pauses.came(seconds * 1000);
  }

  /** The track is over: gives what is there. */
  end(): void {
    this.#pauses.stop();
    this.#append(this.#converter.flush());
    this.#emitPending();
  }

  /** Nobody listens any more. */
  close(): void {
    this.#pauses.stop();
    this.#converter.close();
  }

  /** Nothing comes for now: what is there would be heard with what comes next. */
  #pause(): void {
    this.#append(this.#converter.drain());
    this.#emitPending();
    this.#timeline.absent();
  }

  #place(length: number): void {
    const { gap } = this.#timeline.place(length);
    if (gap === undefined) return;
    this.#converter.beginStretch();
    this.#samplesOut += microsToSamples(gap.duration, this.#format.sampleRate);
    this.#gap = gap;
  }

  #reformat(format: AudioFormat, next: Int16Array): void {
    this.#append(this.#converter.change(format, next));
    if (format.channels === this.#channels) return;
    this.#emitPending();
    this.#channels = format.channels;
    this.#pending = new Int16Array(this.#frameLength);
  }

  get #frameLength(): number {
    return (this.#format.sampleRate / 1000) * this.#format.callbackIntervalMs * this.#channels;
  }

  #append(samples: Int16Array): void {
    for (let offset = 0; offset < samples.length; ) {
      const count = Math.min(samples.length - offset, this.#pending.length - this.#filled);
      this.#pending.set(samples.subarray(offset, offset + count), this.#filled);
      this.#filled += count;
      offset += count;
      if (this.#filled < this.#pending.length) return;
      const full = this.#pending;
      this.#pending = new Int16Array(full.length);
      this.#emit(full);
    }
  }

  #emitPending(): void {
    if (this.#filled > 0) this.#emit(this.#pending.slice(0, this.#filled));
  }

  #emit(samples: Int16Array): void {
    const { sampleRate } = this.#format;
    const timestamp = samplesToMicros(this.#samplesOut, sampleRate);
    const gap = this.#gap;
    this.#gap = undefined;
    this.#filled = 0;
    this.#samplesOut += samples.length / this.#channels;
    this.#deliver(new AudioFrame({ samples, sampleRate, channels: this.#channels, timestamp, gap }));
  }
}
