import { type AudioFormat, sameAudioStream } from '../media/audio-format.ts';
import { acrossRates } from './across-rates.ts';
import type { ResampleQuality } from './polyphase-filter.ts';
import { createRemixer } from './remix.ts';

/** How much of either side is looked at, in milliseconds: what two filters of the slowest voice reach. */
export const seamContextMs = 20;
/** How long what was before fades into what comes, in milliseconds. */
const seamFadeMs = 5;

/** A stretch of a stream, in its own format. */
interface Stretch {
  readonly samples: Int16Array;
  readonly format: AudioFormat;
}

/** What filters at both sides of a change of format need of the other side. */
interface FormatSeam {
  /** What follows, in the former format. */
  readonly next: Int16Array;
  /** What was, in the new format. */
  readonly history: Int16Array;
  /** Frames at `outputRate` for which `next` is good. */
  readonly fadeFrames: number;
}

/** The sound goes on from `before` to `after` without a break. Of a short `after` half is needed for the filter. */
export function formatSeam(before: Stretch, after: Stretch, outputRate: number, quality: ResampleQuality): FormatSeam {
  const forth = remixer(before.format, after.format);
  const back = remixer(after.format, before.format);
  const { sampleRate, channels } = after.format;
  const most = Math.ceil((sampleRate * seamContextMs) / 1000) * channels;
  const head = after.samples.subarray(0, most);
  const former = { samples: before.samples, sampleRate: before.format.sampleRate };
  const next = acrossRates(former, { samples: back(head), sampleRate }, before.format.channels, quality).after;
  const remixed = { ...former, samples: forth(former.samples) };
  const history = acrossRates(remixed, { samples: head, sampleRate }, channels, quality).before;
  const fadeMs = Math.min(seamFadeMs, (head.length / channels / sampleRate) * 500);
  return { next, history, fadeFrames: Math.floor((fadeMs * outputRate) / 1000) };
}

/** Maps samples for the speakers of one format to those of the other, whatever the rates. */
export function remixer(from: AudioFormat, to: AudioFormat): (samples: Int16Array) => Int16Array {
  if (sameAudioStream({ ...from, sampleRate: to.sampleRate }, to)) return (samples) => samples;
  const masks = { fromMask: from.channelMask, toMask: to.channelMask };
  return createRemixer({ from: from.channels, to: to.channels, ...masks });
}

/** What was before, fading out over what comes. */
export class SeamFade {
  readonly #former: Int16Array;
  readonly #channels: number;
  #done = 0;

  /** @param former interleaved, as long as the fade */
  constructor(former: Int16Array, channels: number) {
    this.#former = former;
    this.#channels = channels;
  }

  get over(): boolean {
    return this.#done === this.#former.length;
  }

  /** Writes into `samples`, the next of the stream. */
  apply(samples: Int16Array): void {
    const frames = this.#former.length / this.#channels + 1;
    const count = Math.min(samples.length, this.#former.length - this.#done);
    for (let index = 0; index < count; index++, this.#done++) {
      const share = (Math.floor(this.#done / this.#channels) + 1) / frames;
      samples[index] = Math.round(samples[index]! * share + this.#former[this.#done]! * (1 - share));
    }
  }
}
