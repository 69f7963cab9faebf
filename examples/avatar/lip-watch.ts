// Lip sync where it counts: at the far end of a call, from the samples and the pixels that came.
import { type Cancel, realClock, type VideoFrame } from '@sluice/core';
import type { CallClient } from '@sluice/transport';
import { readOpening } from './face.ts';
import { loudness } from './mouth.ts';

interface Moment {
  readonly at: number;
  readonly value: number;
}

export interface LipReport {
  /** How much later the sound came than the mouth moved, in milliseconds. */
  readonly skewMs: number;
  /** How well both agree at that skew, up to 1. */
  readonly likeness: number;
  /** The widest opening while nothing was heard, 0 to 1. */
  readonly openInSilence: number;
  /** The widest of all. */
  readonly widest: number;
  readonly pictures: number;
}

/** Above it, something is heard. */
const AUDIBLE = 150;
/** So far from every sound a mouth is to be shut, in milliseconds: the worst skew, and a picture. */
const AWAY_MS = 250;
const SLICE_MS = 10;
const WORST_MS = 300;
const STEP_MS = 2;

/** Watches a participant who speaks and shows a face. */
export class LipWatch {
  readonly #sound: Moment[] = [];
  readonly #lips: Moment[] = [];
  #widest: { readonly picture: VideoFrame; readonly value: number } | undefined;

  watch(client: CallClient, participantId: string): Cancel {
    const endAudio = client.setAudioRenderer(
      participantId,
      (_, frame) => {
        this.hear(frame.samples, realClock.now());
        frame.close();
      },
      { sampleRate: 16_000, callbackIntervalMs: SLICE_MS },
    );
    const endVideo = client.setVideoRenderer(participantId, (_, frame) => this.#look(frame), { colorFormat: 'RGB' });
    return () => {
      endAudio();
      endVideo();
    };
  }

  /** 10 ms of sound were handed over: heard from now on, so that its middle is half a slice later. */
  hear(samples: Int16Array, at: number): void {
    this.#sound.push({ at: at + SLICE_MS / 2, value: loudness(samples) });
  }

  /** A picture came whose mouth is so far open, 0 to 1. */
  see(opening: number, at: number): void {
    this.#lips.push({ at, value: opening });
  }

  /** The picture of the widest mouth. It is not yours. */
  get widest(): VideoFrame | undefined {
    return this.#widest?.picture;
  }

  /** When something was heard last before a moment, on the clock. */
  lastHeard(before = Number.POSITIVE_INFINITY): number {
    return this.#sound.findLast(({ at, value }) => at < before && value > AUDIBLE)?.at ?? Number.NaN;
  }

  /** When the mouth was seen open last before a moment. */
  lastOpen(before = Number.POSITIVE_INFINITY): number {
    return this.#lips.findLast(({ at, value }) => at < before && value > 0.1)?.at ?? Number.NaN;
  }

  report(): LipReport {
    let best = { skewMs: Number.NaN, likeness: Number.NEGATIVE_INFINITY };
    for (let skewMs = -WORST_MS; skewMs <= WORST_MS; skewMs += STEP_MS) {
      const likeness = this.#likeness(skewMs);
      if (likeness > best.likeness) best = { skewMs, likeness };
    }
    const heard = this.#sound.filter(({ value }) => value > AUDIBLE).map(({ at }) => at);
    const silent = this.#lips.filter(({ at }) => !heard.some((one) => Math.abs(one - at) < AWAY_MS));
    const widest = (moments: readonly Moment[]) => moments.reduce((most, { value }) => Math.max(most, value), 0);
    return { ...best, openInSilence: widest(silent), widest: widest(this.#lips), pictures: this.#lips.length };
  }

  #look(frame: VideoFrame): void {
    const value = readOpening(frame);
    this.see(value, realClock.now());
    if (value <= (this.#widest?.value ?? -1)) return frame.close();
    this.#widest?.picture.close();
    this.#widest = { picture: frame, value };
  }

  /** The correlation of the opening with the loudness that came so much later. */
  #likeness(skewMs: number): number {
    const first = this.#lips[0]?.at ?? Number.NaN;
    const last = this.#lips.at(-1)?.at ?? Number.NaN;
    const pairs: [number, number][] = [];
    let next = 0;
    for (let index = 2; index < this.#sound.length - 1; index++) {
      const at = this.#sound[index]!.at - skewMs;
      if (!(at > first && at < last)) continue;
      while (this.#lips[next]!.at <= at) next++;
      const [before, after] = [this.#lips[next - 1]!, this.#lips[next]!];
      const opening = before.value + ((after.value - before.value) * (at - before.at)) / (after.at - before.at);
      // Over 40 ms, as the mouth does.
      const around = this.#sound.slice(index - 2, index + 2);
      pairs.push([opening, Math.sqrt(around.reduce((sum, { value }) => sum + value * value, 0) / around.length)]);
    }
    return correlation(pairs);
  }
}

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (index: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[index], 0) / pairs.length;
  const [a, b] = [mean(0), mean(1)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (const [x, y] of pairs) {
    both += (x - a) * (y - b);
    ofA += (x - a) ** 2;
    ofB += (y - b) ** 2;
  }
  return both / Math.sqrt(ofA * ofB || 1);
}
