import {
  type AudioFormat,
  type AudioFrame,
  checkChannels,
  checkSampleRate,
  SoundContinuity,
  sameAudioStream,
} from '@sluice/core';
import { SeamlessConverter } from '@sluice/core/kernels';

/** The format that a sink writes; what is left open is taken from the first frame. */
export interface KeptFormatOptions {
  /** Hz. Default: the first frame's. */
  readonly sampleRate?: number | undefined;
  /** Default: the first frame's. */
  readonly channels?: number | undefined;
}

/** Checks the options and says what a graph has to deliver. */
export function keptFormatConstraint({ sampleRate, channels }: KeptFormatOptions) {
  if (sampleRate !== undefined) checkSampleRate(sampleRate);
  if (channels !== undefined) checkChannels(channels);
  return {
    kind: 'audio',
    ...(sampleRate === undefined ? {} : { sampleRate }),
    ...(channels === undefined ? {} : { channels }),
  } as const;
}

type KeeperOptions = KeptFormatOptions & Pick<AudioFormat, 'channelMask'>;

/** Keeps one format from the first frame to the last: frames of another are resampled and remixed to it, without a seam. */
export class FormatKeeper {
  readonly #options: KeeperOptions;
  readonly #continuity = new SoundContinuity();
  #converter: SeamlessConverter | undefined;
  #format: AudioFormat | undefined;

  /** With a `channelMask` the channels are for these speakers, else for those of the first frame that has as many. */
  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** What leaves; undefined before the first frame. */
  get format(): AudioFormat | undefined {
    return this.#format;
  }

  /** Settles the format. Returns the tail of what came before if this frame is of another format, mostly nothing. */
  meet(frame: AudioFrame): Int16Array {
    const { from } = this.#converter ?? this.#settle(frame);
    const next = this.#continuity.isContinuedBy(frame) ? frame.samples : undefined;
    this.#continuity.came(frame);
    return from !== undefined && sameAudioStream(from, frame) ? nothing : this.#converter!.change(frame, next);
  }

  #settle(frame: AudioFrame): SeamlessConverter {
    this.#format = {
      sampleRate: this.#options.sampleRate ?? frame.sampleRate,
      channels: this.#options.channels ?? frame.channels,
      channelMask: this.#keepsMask(frame) ? frame.channelMask : this.#options.channelMask,
    };
    this.#converter = new SeamlessConverter(this.#format);
    return this.#converter;
  }

  #keepsMask(frame: AudioFrame): boolean {
    const { channels = frame.channels, channelMask } = this.#options;
    return channelMask === undefined && channels === frame.channels;
  }

  /** The samples of the frame that was met, in the kept format; the array itself where nothing has to change. */
  convert(samples: Int16Array): Int16Array {
    return this.#converter!.process(samples);
  }

  /** Whether the conversion holds something back. */
  get holds(): boolean {
    return this.#converter !== undefined && this.#converter.latencyMs > 0;
  }

  /** What the conversion still holds back when the stream pauses; it may go on. */
  drain(): Int16Array {
    return this.#converter?.drain() ?? nothing;
  }

  /** What the conversion still holds back before a gap. Counts on, so that any number of gaps does not drift. */
  break(): Int16Array {
    const tail = this.drain();
    this.#converter?.beginStretch();
    return tail;
  }

  /** Forgets what the conversion holds back: after an interruption. */
  reset(): void {
    this.#converter?.reset();
  }

  /** What the conversion still holds back at the end. */
  flush(): Int16Array {
    return this.#converter?.flush() ?? nothing;
  }
}

const nothing = new Int16Array(0);
