import { checkKeys } from '../check-keys.ts';
import { SluiceError } from '../errors.ts';
import { type AudioFormat, checkChannels, checkSampleRate } from '../media/audio-format.ts';
import { sameChannelLayout } from '../media/channel-layout.ts';
import type { ResampleQuality } from './polyphase-filter.ts';
import { createRemixer, type RemixMatrix } from './remix.ts';
import { Resampler } from './resampler.ts';
import { checkWholeFrames } from './whole-frames.ts';

/** How sound gets from one format to another: see {@link AudioConverter}. */
export interface AudioConverterOptions {
  /** Of the resampling, where there is any. Default `high`. */
  readonly quality?: ResampleQuality;
  /** Of the channel mapping, `to.channels` rows of `from.channels` gains. Default: `remixMatrix` by their speakers. */
  readonly matrix?: RemixMatrix;
}

const nothing = new Int16Array(0);

/**
 * Converts a stream of interleaved s16 samples from one format to another: channels first when they become fewer,
 * sample rate first when they become more. Output sample k is the input at time k / to.sampleRate, counted from the
 * start or the last `reset()`, whatever the size of the chunks.
 */
export class AudioConverter {
  readonly from: AudioFormat;
  readonly to: AudioFormat;
  readonly #remix: ((input: Int16Array) => Int16Array) | undefined;
  readonly #remixFirst: boolean;
  readonly #resampler: Resampler | undefined;
  #closed = false;

  constructor(from: AudioFormat, to: AudioFormat, options: AudioConverterOptions = {}) {
    checkKeys<AudioConverterOptions>('AudioConverter', options, { quality: true, matrix: true });
    checkSampleRate(from.sampleRate, 'from.sampleRate');
    checkSampleRate(to.sampleRate, 'to.sampleRate');
    checkChannels(from.channels, 'from.channels');
    checkChannels(to.channels, 'to.channels');
    this.from = { sampleRate: from.sampleRate, channels: from.channels, channelMask: from.channelMask };
    this.to = { sampleRate: to.sampleRate, channels: to.channels, channelMask: to.channelMask };
    this.#remixFirst = to.channels <= from.channels;
    if (options.matrix !== undefined || !sameChannelLayout(from, to)) {
      const masks = { fromMask: from.channelMask, toMask: to.channelMask };
      this.#remix = createRemixer({ from: from.channels, to: to.channels, ...masks, matrix: options.matrix });
    }
    if (from.sampleRate !== to.sampleRate)
      this.#resampler = new Resampler({
        inputRate: from.sampleRate,
        outputRate: to.sampleRate,
        channels: Math.min(from.channels, to.channels),
        ...(options.quality !== undefined && { quality: options.quality }),
      });
  }

  /** True if samples pass unchanged: `process` then returns its argument. */
  get identity(): boolean {
    return this.#remix === undefined && this.#resampler === undefined;
  }

  /** Look-ahead in milliseconds: how far the output stays behind the input. 0 without resampling. */
  get latencyMs(): number {
    return this.#resampler?.latencyMs ?? 0;
  }

  /**
   * The output that the input so far makes possible, perhaps none. A fresh array that owns its whole buffer, except for
   * the identity, which returns `input` itself. Throws `SLUICE_FRAME_SHAPE` if `input` is not whole frames.
   */
  process(input: Int16Array): Int16Array {
    this.#checkOpen();
    checkWholeFrames(input, this.from.channels);
    if (this.#remix !== undefined && this.#remixFirst) {
      const remixed = this.#remix(input);
      return this.#resampler === undefined ? remixed : this.#resampler.process(remixed);
    }
    const resampled = this.#resampler === undefined ? input : this.#resampler.process(input);
    return this.#remix === undefined ? resampled : this.#remix(resampled);
  }

  /**
   * The tail at the end of a stream: in total `round(n * to.sampleRate / from.sampleRate)` samples per channel come out
   * for n that went in. Afterwards the converter stands as after `reset()`.
   */
  flush(): Int16Array {
    this.#checkOpen();
    return this.#tail(this.#resampler?.flush());
  }

  /**
   * The tail of a stream that pauses: as `flush`, but counting goes on, and input that follows directly is continued. Before
   * input that does not, call `beginStretch()`.
   */
  drain(): Int16Array {
    this.#checkOpen();
    return this.#tail(this.#resampler?.drain());
  }

  /**
   * The tail of a stream behind which `next` is known to follow, in the format that comes in: `count` more frames, which may be
   * more than belong to what went in, as far as `next` is long enough for them. Afterwards the converter stands as after
   * `reset()`.
   */
  end(next: Int16Array, count: number): Int16Array {
    this.#checkOpen();
    const remixed = this.#remix !== undefined && this.#remixFirst ? this.#remix(next) : next;
    const { channels } = this.#remixFirst ? this.to : this.from;
    return this.#tail(this.#resampler?.end(remixed, count) ?? remixed.slice(0, count * channels));
  }

  /**
   * The next input is the start of a new stream that follows on `history`, in the format that comes in, which is heard in its
   * first samples and counts for none. Output sample 0 lies `lead` output periods behind input sample 0: see `Resampler`.
   */
  continueFrom(history: Int16Array, lead = 0): void {
    const remixed = this.#remix !== undefined && this.#remixFirst ? this.#remix(history) : history;
    this.#resampler?.continueFrom(remixed, lead);
  }

  /** The next input follows on a gap. Counting goes on, so that no number of gaps drifts. What was not drained is lost. */
  beginStretch(): void {
    this.#resampler?.beginStretch();
  }

  /** Forgets what went in, for interruptions: the next input is the start of a new stream. */
  reset(): void {
    this.#resampler?.reset();
  }

  /** Ends its use; `process` and `flush` throw from now on. It holds nothing that the garbage collector cannot free. */
  close(): void {
    this.#closed = true;
    this.#resampler?.reset();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #checkOpen(): void {
    if (this.#closed) throw new SluiceError('SLUICE_KERNEL_CLOSED', 'the audio converter is closed');
  }

  #tail(resampled: Int16Array = nothing): Int16Array {
    return this.#remix === undefined || this.#remixFirst ? resampled : this.#remix(resampled);
  }
}
