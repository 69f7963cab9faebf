import {
  type ActorContext,
  type AudioFormat,
  type AudioFrame,
  type Cancel,
  createSink,
  describeAudioFormat,
  type Micros,
  microsToSamples,
  type Sink,
  type SinkWriter,
  SluiceError,
  sameAudioFormat,
  samplesToMicros,
} from '@sluice/core';
import { checkPath } from './file-path.ts';
import { WavWriter } from './wav/wav-writer.ts';

/** What `toWavFile` has written. */
export interface WavFileResult {
  readonly path: string;
  /** Frames received. */
  readonly frames: number;
  /** Samples per channel in the file. */
  readonly samples: number;
  /** Length of the audio in microseconds. */
  readonly duration: Micros;
  /** Hz; undefined if no frame came. */
  readonly sampleRate: number | undefined;
  /** Undefined if no frame came. */
  readonly channels: number | undefined;
  /** Frames before which media was missing. */
  readonly gaps: number;
  /** Silence that stands for what was missing, in microseconds. */
  readonly silence: Micros;
}

/** How long audio may wait in memory while no more comes, in milliseconds. */
const FLUSH_MS = 1_000;

/**
 * Writes a WAV file of 16-bit PCM in the format of the first frame.
 *
 * The file is valid at any moment: after a crash, a kill or an abort it holds everything but at most the last second.
 * Beyond 4 GiB it becomes an RF64 file. What is missing from the stream (`frame.gap`) is silence in the file, so that
 * both have the same timeline; the result counts it. Writes are gathered and never block the event loop; when the disk
 * is too slow, the graph is held back. A file of the same name is overwritten. Latency: none, it ends here.
 *
 * `finished` rejects with `SLUICE_FILE_WRITE` when the file cannot be created or the disk is full, and with
 * `SLUICE_FORMAT_CHANGED` when sample rate or channels change; what came before stays in the file.
 *
 * @example
 * ```ts
 * import { fromTone, toWavFile } from '@sluice/nodes';
 *
 * const file = toWavFile('tone.wav');
 * fromTone({ duration: 2 }).subscribe(file);
 * const { samples, duration } = await file.finished; // 96000, 2000000
 * ```
 * @param path - A path or a `file:` URL.
 * @see fromWavFile for the way back, toPcm for samples without a header.
 */
export function toWavFile(path: string | URL): Sink<AudioFrame, WavFileResult> {
  const file = checkPath(path);
  return createSink({
    name: 'toWavFile',
    accepts: { kind: 'audio' },
    external: true,
    open: async (context) => new WavFileSink(file, await WavWriter.open(file), context),
  });
}

/** The sink behind `toWavFile`, for any writer. */
export class WavFileSink implements SinkWriter<AudioFrame, WavFileResult> {
  readonly #path: string;
  readonly #writer: WavWriter;
  readonly #context: ActorContext;
  #format: AudioFormat | undefined;
  #frames = 0;
  #gaps = 0;
  /** Media that was missing so far in microseconds, and the samples that stand for it. */
  #missing = 0;
  #silentSamples = 0;
  #cancelFlush: Cancel | undefined;

  constructor(path: string, writer: WavWriter, context: ActorContext) {
    this.#path = path;
    this.#writer = writer;
    this.#context = context;
  }

  write(frame: AudioFrame): void | Promise<void> {
    try {
      this.#checkFormat(frame);
      this.#frames++;
      if (frame.gap !== undefined) return this.#writeAfterGap(frame, frame.gap.duration);
      const written = this.#writer.append(frame.samples);
      this.#flushLater();
      return written;
    } finally {
      frame.close();
    }
  }

  async end(): Promise<WavFileResult> {
    await this.#close();
    const { sampleRate = undefined, channels = undefined } = this.#format ?? {};
    const samples = this.#writer.bytes / 2 / (channels ?? 1);
    return {
      path: this.#path,
      frames: this.#frames,
      samples,
      duration: samplesToMicros(samples, sampleRate ?? 48_000),
      sampleRate,
      channels,
      gaps: this.#gaps,
      silence: samplesToMicros(this.#silentSamples, sampleRate ?? 48_000),
    };
  }

  abort(): Promise<void> {
    return this.#close();
  }

  #close(): Promise<void> {
    this.#cancelFlush?.();
    return this.#writer.close();
  }

  #checkFormat(frame: AudioFrame): void {
    if (this.#format === undefined) {
      this.#format = { sampleRate: frame.sampleRate, channels: frame.channels };
      this.#writer.setFormat(this.#format);
    } else if (!sameAudioFormat(this.#format, frame)) {
      throw new SluiceError('SLUICE_FORMAT_CHANGED', `the format changed while ${this.#path} was written`, {
        expected: describeAudioFormat(this.#format),
        received: describeAudioFormat(frame),
        fix: 'Put resample() and remix() before it',
        timestamp: frame.timestamp,
      });
    }
  }

  /** Counts in samples from the sum of all gaps, so that their rounding does not add up. */
  #writeAfterGap(frame: AudioFrame, duration: Micros): void | Promise<void> {
    this.#gaps++;
    this.#missing += duration;
    const silentSamples = microsToSamples(this.#missing, frame.sampleRate);
    const skipped = this.#writer.appendSilence(Math.max(silentSamples - this.#silentSamples, 0));
    this.#silentSamples = silentSamples;
    this.#flushLater();
    if (skipped === undefined) return this.#writer.append(frame.samples);
    const samples = frame.samples.slice();
    return skipped.then(() => this.#writer.append(samples));
  }

  /** Audio that nothing follows is written after a second all the same. */
  #flushLater(): void {
    if (this.#cancelFlush !== undefined || !this.#writer.waiting) return;
    this.#cancelFlush = this.#context.clock.at(this.#context.clock.now() + FLUSH_MS, () => {
      this.#cancelFlush = undefined;
      this.#writer.flush();
    });
  }
}
