import { AudioFrame, type Micros, pushSource, type Source, samplesToMicros } from '@sluice/core';

/** Where blocks of a line leave it: a source whose timestamps count from the line's first sample. */
export class Outlet {
  readonly source: Source<AudioFrame>;
  readonly #sampleRate: number;
  readonly #channels: number;
  /** Up to where frames have left, in samples per channel. */
  #position: number;
  #ended = false;
  #send: ((frame: AudioFrame) => void) | undefined;
  #complete: () => void = () => {};

  /** `position`: where its first frame begins; what is missing from there on is told as a gap. */
  constructor(name: string, sampleRate: number, channels: number, position: number) {
    this.#sampleRate = sampleRate;
    this.#channels = channels;
    this.#position = position;
    const format = { kind: 'audio', sampleRate, channels } as const;
    this.source = pushSource<AudioFrame>({ name, live: true, format }, (destination) => {
      this.#send = (frame) => destination.next(frame);
      this.#complete = () => destination.complete();
      if (this.#ended) destination.complete();
      return () => {
        this.#send = undefined;
        this.#complete = () => {};
      };
    });
  }

  /** Up to where frames have left, in samples per channel. */
  get position(): number {
    return this.#position;
  }

  /** Sends interleaved samples that stand at an index; without a receiver they are missing from what follows. */
  send(samples: Int16Array, at: number): void {
    if (this.#send === undefined || this.#ended || samples.length === 0) return;
    const timestamp = samplesToMicros(at, this.#sampleRate);
    const missing = timestamp - samplesToMicros(this.#position, this.#sampleRate);
    const gap = missing > 0 ? { duration: missing as Micros, reason: 'source' as const } : undefined;
    this.#position = at + samples.length / this.#channels;
    this.#send(new AudioFrame({ samples, sampleRate: this.#sampleRate, channels: this.#channels, timestamp, gap }));
  }

  /** Sends silence from where it is to `to`: a gap, and behind it a frame to carry it. */
  fill(to: number): void {
    const length = Math.min(to - this.#position, Math.round(this.#sampleRate / 100));
    if (length > 0) this.send(new Int16Array(length * this.#channels), to - length);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#complete();
  }
}
