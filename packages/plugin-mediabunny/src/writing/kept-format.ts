import { type AudioFormat, type AudioFrame, microsToSamples, SoundContinuity, sameAudioStream } from '@sluice/core';
import { SeamlessConverter } from '@sluice/core/kernels';

/** What a frame adds to a file. */
export interface KeptSamples {
  /** What a conversion held back until now. */
  readonly before: Int16Array;
  /** Samples per channel of silence. */
  readonly missing: number;
  /** The frame's own array where nothing had to be converted. */
  readonly samples: Int16Array;
}

const nothing = new Int16Array(0);

/** Keeps one format from the first frame to the last: others are resampled and remixed. Gaps are counted in samples. */
export class KeptFormat {
  readonly format: AudioFormat;
  readonly #converter: SeamlessConverter;
  readonly #continuity = new SoundContinuity();
  /** Of all gaps, in microseconds, and the samples that stood for them: their rounding does not add up. */
  #missing = 0;
  #silence = 0;

  constructor(format: AudioFormat) {
    this.format = format;
    this.#converter = new SeamlessConverter(format);
    this.#converter.change(format);
  }

  /** Samples per channel that stood for gaps. */
  get silence(): number {
    return this.#silence;
  }

  /** The frame is still the caller's. */
  take(frame: AudioFrame): KeptSamples {
    let before: Int16Array = nothing;
    const continued = this.#continuity.isContinuedBy(frame);
    this.#continuity.came(frame);
    if (frame.gap !== undefined) {
      before = this.#converter.drain();
      this.#converter.beginStretch();
    }
    if (!sameAudioStream(this.#converter.from!, frame)) {
      const tail = this.#converter.change(frame, continued ? frame.samples : undefined);
      if (tail.length > 0) before = tail;
    }
    const missing = frame.gap === undefined ? 0 : this.#gap(frame.gap.duration);
    return { before, missing, samples: this.#converter.process(frame.samples) };
  }

  /** What a conversion still holds back. */
  flush(): Int16Array {
    return this.#converter.flush();
  }

  #gap(duration: number): number {
    this.#missing += duration;
    const before = this.#silence;
    this.#silence = Math.max(microsToSamples(this.#missing, this.format.sampleRate), before);
    return this.#silence - before;
  }
}
