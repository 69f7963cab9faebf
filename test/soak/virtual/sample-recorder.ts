import { createHash } from 'node:crypto';
import { type AudioFrame, createSink, type Sink, sleep } from '@sluice/core';

/** What came to a recorder that keeps no samples: counts, a digest, and what broke on the way. */
export class SampleRecorder {
  /** Samples per channel, silence for gaps included: the length that its file would have. */
  samples = 0;
  frames = 0;
  gaps = 0;
  readonly broken: string[] = [];
  /** Where its timeline begins, in microseconds; undefined before the first frame. */
  firstAt: number | undefined;
  #stallMs = 0;
  #epoch = -1;
  #endOfLast = Number.NEGATIVE_INFINITY;
  readonly #digest = createHash('sha256');

  /** The next write takes so long. */
  stall(ms: number): void {
    this.#stallMs = ms;
  }

  /** Of all samples and of where they stood, from the first frame on. */
  digest(): string {
    return this.#digest.copy().digest('hex');
  }

  sink(): Sink<AudioFrame> {
    return createSink<AudioFrame>({
      name: 'recorder',
      open: ({ clock }) => ({
        write: (frame) => {
          this.#take(frame);
          if (this.#stallMs === 0) return;
          const ms = this.#stallMs;
          this.#stallMs = 0;
          return sleep(clock, ms);
        },
        end: () => {},
      }),
    });
  }

  #take(frame: AudioFrame): void {
    const { samples, timestamp, duration, gap, sampleRate, epoch, length } = frame;
    this.firstAt ??= timestamp - (gap?.duration ?? 0);
    if (epoch < this.#epoch) this.broken.push(`epoch ${epoch} came after ${this.#epoch}`);
    if (epoch === this.#epoch && timestamp < this.#endOfLast - 1)
      this.broken.push(`a frame at ${timestamp} us came after one that ends at ${this.#endOfLast} us`);
    this.#epoch = epoch;
    this.#endOfLast = timestamp + duration;
    this.frames++;
    if (gap !== undefined) this.gaps++;
    this.samples += length + Math.round(((gap?.duration ?? 0) * sampleRate) / 1e6);
    this.#digest.update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    this.#digest.update(`${timestamp - this.firstAt} ${gap?.duration ?? 0};`);
    frame.close();
  }
}
