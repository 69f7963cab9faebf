import type { AudioFrame } from '../../media/audio-frame.ts';
import { Moments } from '../../time/moments.ts';

/** Every how many samples one is looked at: odd, so that each channel has its turn. */
const STRIDE = 7;
const FULL_SCALE = 32_767;
/** So many samples of a channel at full scale in a row were cut: a peak that is no louder than it may be touches it once. */
const CUT_RUN = 3;

/** What the sound that enters a port is like, by the few of its frames that are timed anyway. */
export class SoundSample {
  /** When peaks were cut, and in how many frames that were looked at. */
  readonly clipped = new Moments();
  clippedFrames = 0;
  frames = 0;
  /** Since when all of it was zeros, and when it was looked at last, by the graph's clock. */
  silentSince: number | undefined;
  lookedAt = 0;
  /** The loudest sample of the last frame that was looked at. */
  peak = 0;

  look({ samples, channels }: AudioFrame, now: number): void {
    this.frames++;
    this.lookedAt = now;
    this.peak = peakOf(samples);
    if (this.peak === 0) {
      this.silentSince ??= now;
      return;
    }
    this.silentSince = undefined;
    if (this.peak < FULL_SCALE || !isCut(samples, channels)) return;
    this.clippedFrames++;
    this.clipped.mark(now);
  }
}

function peakOf(samples: Int16Array): number {
  let [low, high] = [0, 0];
  for (let index = 0; index < samples.length; index += STRIDE) {
    const sample = samples[index]!;
    if (sample > high) high = sample;
    else if (sample < low) low = sample;
  }
  return Math.max(high, -low);
}

function isCut(samples: Int16Array, channels: number): boolean {
  for (let channel = 0; channel < channels; channel++) {
    let run = 0;
    for (let index = channel; index < samples.length; index += channels) {
      const sample = samples[index]!;
      run = sample >= FULL_SCALE || sample <= -FULL_SCALE ? run + 1 : 0;
      if (run === CUT_RUN) return true;
    }
  }
  return false;
}
