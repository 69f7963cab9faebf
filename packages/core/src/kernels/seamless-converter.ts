import { checkKeys } from '../check-keys.ts';
import { type AudioFormat, sameAudioStream } from '../media/audio-format.ts';
import { AudioConverter } from './audio-converter.ts';
import { formatSeam, remixer, SeamFade, seamContextMs } from './format-seam.ts';
import type { ResampleQuality } from './polyphase-filter.ts';
import { SoundTail } from './sound-tail.ts';

/** What a {@link SeamlessConverter} makes of all that comes. */
export interface SeamlessTarget {
  /** Hz, 1 000 to 768 000. */
  readonly sampleRate: number;
  /** 1 to 64. Default: those that come in, as they come. */
  readonly channels?: number | undefined;
  /** Which speakers `channels` are for. Default: the usual ones of their count. */
  readonly channelMask?: number | undefined;
}

/** How a {@link SeamlessConverter} converts. */
export interface SeamlessConverterOptions {
  /** Of the resampling, where there is any. Default `high`. */
  readonly quality?: ResampleQuality;
}

const nothing = new Int16Array(0);

/**
 * Converts a stream of interleaved s16 samples whose format may change to one that stays. Where the format changes and the
 * sound goes on, both sides are converted as parts of one sound and counted as one: nothing clicks, and no sample is lost or
 * comes twice. It keeps a copy of the last 20 ms, and adds no latency to that of the conversion.
 */
export class SeamlessConverter {
  readonly #target: SeamlessTarget;
  readonly #quality: ResampleQuality;
  #converter: AudioConverter | undefined;
  #recent = new SoundTail(0);
  /** Frames of this format that came, and that left of all since the count began. */
  #taken = 0;
  #given = 0;
  /** How far what had left was ahead of what had come when the format changed last, in samples that leave. */
  #lead = 0;
  #fade: SeamFade | undefined;

  constructor(target: SeamlessTarget, options: SeamlessConverterOptions = {}) {
    checkKeys<SeamlessConverterOptions>('SeamlessConverter', options, { quality: true });
    this.#target = target;
    this.#quality = options.quality ?? 'high';
  }

  /** What comes in; undefined before the first `change()`. */
  get from(): AudioFormat | undefined {
    return this.#converter?.from;
  }

  /** What leaves for it. */
  get to(): AudioFormat | undefined {
    return this.#converter?.to;
  }

  /** Look-ahead in milliseconds: how far the output stays behind the input. 0 where the rate is the same. */
  get latencyMs(): number {
    return this.#converter?.latencyMs ?? 0;
  }

  /** How far what has left is ahead of what came, as they were when the format changed last, in samples that leave. */
  get lead(): number {
    return this.#lead;
  }

  /** Whether samples in a format need no change. */
  passes(format: AudioFormat): boolean {
    return sameAudioStream(this.#outputFor(format), format);
  }

  /**
   * Input is in this format from now on. Returns what was held back of the former, in the format in which that left. The sound goes on with `next`,
   * the first samples of the new format, which are to be given to `process` afterwards; without them it begins anew.
   */
  change(from: AudioFormat, next: Int16Array = nothing): Int16Array {
    const former = this.#converter;
    const format = { sampleRate: from.sampleRate, channels: from.channels, channelMask: from.channelMask };
    const fresh = new AudioConverter(format, this.#outputFor(format), { quality: this.#quality });
    const joins = former !== undefined && next.length > 0 && this.#recent.samples.length > 0;
    // Without resampling on either side there is no filter that wants to know the other.
    if (!joins || (former.latencyMs === 0 && fresh.latencyMs === 0)) {
      const tail = former === undefined ? nothing : this.flush();
      this.#adopt(fresh);
      return tail;
    }
    const { sampleRate } = this.#target;
    const before = { samples: this.#recent.samples, format: former.from };
    const seam = formatSeam(before, { samples: next, format }, sampleRate, this.#quality);
    const owed = this.#owed;
    const output = former.end(seam.next, owed + seam.fadeFrames);
    const split = owed * former.to.channels;
    const tail = this.#count(this.#faded(output.slice(0, split)));
    this.#lead += this.#given - this.#worth(this.#taken);
    this.#taken = 0;
    this.#given = 0;
    this.#adopt(fresh);
    fresh.continueFrom(seam.history, this.#lead);
    this.#fade = new SeamFade(remixer(former.to, fresh.to)(output.subarray(split)), fresh.to.channels);
    return tail;
  }

  /**
   * The output that the input so far makes possible, perhaps none. A fresh array that owns its whole buffer, except where nothing
   * has to be done: then `samples` themselves.
   */
  process(samples: Int16Array): Int16Array {
    const converter = this.#converter!;
    const made = converter.process(samples);
    this.#taken += samples.length / converter.from.channels;
    this.#recent.add(samples);
    return this.#count(this.#faded(made));
  }

  /** The tail of a stream that pauses: counting goes on, and input that follows directly is continued. */
  drain(): Int16Array {
    return this.#converter === undefined ? nothing : this.#count(this.#faded(this.#converter.drain()));
  }

  /** The next input follows on a gap. Counting goes on, so that no number of gaps drifts. What was not drained is lost. */
  beginStretch(): void {
    this.#converter?.beginStretch();
    this.#given += this.#owed;
    this.#cut();
  }

  /** The tail at the end of a stream. What comes next in the same format is a new one. */
  flush(): Int16Array {
    const tail = this.#converter?.end(nothing, this.#owed) ?? nothing;
    const output = this.#faded(tail);
    this.reset();
    return output;
  }

  /** Forgets what went in, for interruptions: the next input is the start of a new stream. */
  reset(): void {
    this.#converter?.reset();
    this.#taken = 0;
    this.#given = 0;
    this.#lead = 0;
    this.#cut();
  }

  /** Ends its use. */
  close(): void {
    this.#converter?.close();
    this.#cut();
  }

  #cut(): void {
    this.#fade = undefined;
    this.#recent.clear();
  }

  #adopt(converter: AudioConverter): void {
    this.#converter?.close();
    this.#converter = converter;
    const { sampleRate, channels } = converter.from;
    this.#recent = new SoundTail(Math.ceil((sampleRate * seamContextMs) / 1000) * channels);
  }

  #outputFor({ channels, channelMask }: AudioFormat): AudioFormat {
    const { sampleRate, channels: wanted } = this.#target;
    if (wanted === undefined) return { sampleRate, channels, channelMask };
    return { sampleRate, channels: wanted, channelMask: this.#target.channelMask };
  }

  /** Frames that have to leave for all that came so far. */
  get #owed(): number {
    return Math.max(0, Math.round(this.#worth(this.#taken) - this.#lead) - this.#given);
  }

  #worth(frames: number): number {
    return (frames * this.#target.sampleRate) / (this.#converter?.from.sampleRate ?? 1);
  }

  #count(samples: Int16Array): Int16Array {
    this.#given += samples.length / (this.#converter?.to.channels ?? 1);
    return samples;
  }

  /** The samples themselves, or a copy in which what was before fades out. */
  #faded(samples: Int16Array): Int16Array {
    if (this.#fade === undefined || samples.length === 0) return samples;
    const copy = samples.slice();
    this.#fade.apply(copy);
    if (this.#fade.over) this.#fade = undefined;
    return copy;
  }
}
