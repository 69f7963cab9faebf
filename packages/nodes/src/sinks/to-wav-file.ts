import {
  type ActorContext,
  type AudioFrame,
  type Cancel,
  checkKeys,
  createSink,
  type Micros,
  type Sink,
  type SinkWriter,
  samplesToMicros,
} from '@sluice/core';
import { FormatKeeper, type KeptFormatOptions, keptFormatConstraint } from '../audio/format-keeper.ts';
import { GapCount } from '../audio/gap-count.ts';
import { WavWriter } from '../formats/wav/wav-writer.ts';
import { checkPath } from '../options/file-path.ts';

/** The file's rate in Hz and its channels. Default: those of the first frame. */
export type ToWavFileOptions = KeptFormatOptions;

/** What `toWavFile` has written. */
export interface WavFileResult {
  /** Where the file is. */
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
 * Writes a WAV file of 16-bit PCM, in the format of the first frame unless the options say another. Frames of a
 * different format are converted.
 *
 * The file is valid at any moment: after a crash, a kill or an abort it holds everything but at most the last second.
 * Beyond 4 GiB it becomes an RF64 file. What is missing from the stream (`frame.gap`) is silence in the file, so that
 * both have the same timeline; the result counts it. Writes are gathered and never block the event loop; when the disk
 * is too slow, the graph is held back. A file of the same name is overwritten, from the first frame on. Latency: none, it
 * ends here.
 *
 * `finished` rejects with `SLUICE_FILE_WRITE` when the file cannot be created, when a source of this program still reads
 * it, or when the disk is full; what came before stays in the file, and its header counts it.
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
export function toWavFile(path: string | URL, options: ToWavFileOptions = {}): Sink<AudioFrame, WavFileResult> {
  checkKeys<ToWavFileOptions>('toWavFile', options, { sampleRate: true, channels: true });
  const file = checkPath(path);
  return createSink({
    name: 'toWavFile',
    accepts: keptFormatConstraint(options),
    external: true,
    open: async (context) => new WavFileSink(file, await WavWriter.open(file), context, options),
  });
}

/** The sink behind `toWavFile`, for any writer. */
export class WavFileSink implements SinkWriter<AudioFrame, WavFileResult> {
  readonly #path: string;
  readonly #writer: WavWriter;
  readonly #context: ActorContext;
  readonly #keeper: FormatKeeper;
  #frames = 0;
  #gaps = 0;
  readonly #silence = new GapCount();
  #cancelFlush: Cancel | undefined;

  constructor(path: string, writer: WavWriter, context: ActorContext, options: ToWavFileOptions = {}) {
    this.#path = path;
    this.#writer = writer;
    this.#context = context;
    this.#keeper = new FormatKeeper(options);
  }

  write(frame: AudioFrame): void | Promise<void> {
    try {
      if (this.#frames++ === 0) {
        this.#keeper.meet(frame);
        this.#writer.setFormat(this.#keeper.format!);
      }
      const tail = this.#keeper.meet(frame);
      if (tail.length > 0 || frame.gap !== undefined) return this.#writeAfter(tail, frame);
      const written = this.#writer.append(this.#keeper.convert(frame.samples));
      this.#flushLater();
      return written;
    } finally {
      frame.close();
    }
  }

  async end(): Promise<WavFileResult> {
    try {
      await this.#writer.append(this.#keeper.flush());
      await this.#writer.beginEmpty();
    } finally {
      await this.#close();
    }
    const { sampleRate = undefined, channels = undefined } = this.#keeper.format ?? {};
    const samples = this.#writer.bytes / 2 / (channels ?? 1);
    return {
      path: this.#path,
      frames: this.#frames,
      samples,
      duration: samplesToMicros(samples, sampleRate ?? 48_000),
      sampleRate,
      channels,
      gaps: this.#gaps,
      silence: samplesToMicros(this.#silence.samples, sampleRate ?? 48_000),
    };
  }

  async abort(reason: Error): Promise<void> {
    try {
      await this.#close();
    } catch (error) {
      // A fault of the file that ended the sink is not told twice.
      if (error !== reason) throw error;
    }
  }

  #close(): Promise<void> {
    this.#cancelFlush?.();
    return this.#writer.close();
  }

  /** Writes what a conversion held back, then silence for what is missing, then the frame. */
  async #writeAfter(tail: Int16Array, frame: AudioFrame): Promise<void> {
    const before = frame.gap === undefined ? tail : this.#tailBeforeGap(tail);
    // Converted while the frame is still open: its samples may be someone else's after the first await.
    const samples = this.#keeper.convert(frame.samples).slice();
    const silence =
      frame.gap === undefined ? 0 : this.#silence.add(frame.gap.duration, this.#keeper.format!.sampleRate);
    if (frame.gap !== undefined) this.#gaps++;
    await this.#writer.append(before);
    await this.#writer.appendSilence(silence);
    await this.#writer.append(samples);
    this.#flushLater();
  }

  /** Only one of the two holds something: a conversion that begins with this frame has nothing to flush. */
  #tailBeforeGap(tail: Int16Array): Int16Array {
    return tail.length > 0 ? tail : this.#keeper.break();
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
