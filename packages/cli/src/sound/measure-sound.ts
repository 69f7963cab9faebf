// What can be said of a file of sound: figures, and a picture. Reads with the sources of `@sluice/nodes` and `@sluice/plugin-ffmpeg`; plays nothing.

import type { AudioFrame, Source } from '@sluice/core';
import { detachedContext, toError, withContext } from '@sluice/core';
import { FULL_SCALE, findGaps, measureTone, peak, rms, toDbfs } from '@sluice/core/testing';

/** How much is kept for what needs all samples: gaps, a tone, a picture. */
const KEPT_SECONDS = 600;
/** How long a tone is looked for, from the middle. */
const TONE_SECONDS = 10;
/** A tone is something that stands out by so much, in dB. */
const CLEAR_DB = 10;

export interface SoundFigures {
  readonly sampleRate: number;
  readonly channels: number;
  readonly seconds: number;
  /** Of all channels; null for silence. 0 is full scale. */
  readonly peakDbfs: number | null;
  readonly rmsDbfs: number | null;
  /** Samples at full scale, of all channels. */
  readonly clipped: number;
  /** Silence of 20 ms and more between sounds, in the first channel: how often, how long. */
  readonly gaps: { readonly count: number; readonly longestMs: number; readonly totalMs: number };
  /** The strongest tone of the first channel, where one stands out. */
  readonly tone: { readonly hz: number; readonly dbfs: number; readonly snrDb: number } | null;
  /** How much of it gaps, tone and picture are of. */
  readonly lookedAtSeconds: number;
  /** What the reader found wrong. */
  readonly reports: readonly string[];
}

export interface MeasuredSound {
  readonly figures: SoundFigures;
  /** The first channel. */
  readonly samples: Int16Array;
}

/** Reads a source to its end; `onSeconds` is told of each frame how long the sound is until there. */
export async function measureSound(
  source: Source<AudioFrame>,
  onSeconds: (seconds: number) => void = () => {},
): Promise<MeasuredSound> {
  const reports: string[] = [];
  const tally = new SoundTally();
  const context = { ...detachedContext(), report: (fault: unknown) => void reports.push(toError(fault).message) };
  await withContext(
    context,
    () =>
      new Promise<void>((resolve, reject) => {
        source.subscribe({
          next: (frame) => {
            tally.add(frame);
            onSeconds(tally.seconds);
            frame.close();
          },
          error: reject,
          complete: resolve,
        });
      }),
  );
  return tally.measured(reports);
}

/** Measures frames as they come; keeps none of them. */
export class SoundTally {
  sampleRate = 8_000;
  #channels = 1;
  #length = 0;
  #peak = 0;
  #energy = 0;
  #clipped = 0;
  #pieces: Int16Array[] = [];
  #kept = 0;

  add({ samples, sampleRate, channels }: AudioFrame): void {
    this.sampleRate = sampleRate;
    this.#channels = channels;
    this.#length += samples.length / channels;
    this.#peak = Math.max(this.#peak, peak(samples));
    this.#energy += rms(samples) ** 2 * samples.length;
    for (const sample of samples) if (sample >= FULL_SCALE - 1 || sample <= -FULL_SCALE) this.#clipped++;
    if (this.#kept >= KEPT_SECONDS * sampleRate) return;
    const first = Int16Array.from({ length: samples.length / channels }, (_, at) => samples[at * channels]!);
    this.#pieces.push(first);
    this.#kept += first.length;
  }

  get seconds(): number {
    return this.#length / this.sampleRate;
  }

  measured(reports: readonly string[] = []): MeasuredSound {
    const samples = this.#first();
    return { samples, figures: { ...this.#figures(), ...lookAt(samples, this.sampleRate), reports } };
  }

  #first(): Int16Array {
    const all = new Int16Array(this.#kept);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }

  #figures() {
    const mean = this.#length === 0 ? 0 : Math.sqrt(this.#energy / (this.#length * this.#channels));
    return {
      sampleRate: this.sampleRate,
      channels: this.#channels,
      seconds: this.seconds,
      peakDbfs: level(this.#peak),
      rmsDbfs: level(mean),
      clipped: this.#clipped,
    };
  }
}

function lookAt(samples: Int16Array, sampleRate: number) {
  const { gaps, longestMs, totalMs } = findGaps(samples, { sampleRate, minMs: 20, ignoreEdges: true });
  return {
    gaps: { count: gaps.length, longestMs: round(longestMs), totalMs: round(totalMs) },
    tone: toneOf(samples, sampleRate),
    lookedAtSeconds: samples.length / sampleRate,
  };
}

function toneOf(samples: Int16Array, sampleRate: number): SoundFigures['tone'] {
  const length = Math.min(samples.length, TONE_SECONDS * sampleRate);
  const from = (samples.length - length) >> 1;
  const part = samples.subarray(from, from + length);
  if (part.length < sampleRate / 20 || peak(part) === 0) return null;
  const { frequency, amplitude, snr } = measureTone(part, sampleRate, sampleRate / 4, {
    searchHz: sampleRate / 4 - 20,
  });
  return snr < CLEAR_DB ? null : { hz: round(frequency, 2), dbfs: round(amplitude, 2), snrDb: round(snr) };
}

/** JSON has no minus infinity. */
function level(magnitude: number): number | null {
  return magnitude === 0 ? null : round(toDbfs(magnitude), 2);
}

function round(value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
