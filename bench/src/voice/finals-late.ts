import { realClock } from '@sluice/core';
import { concat } from '../measuring/concat.ts';
import { audibleBlocks } from './audible.ts';
import type { Ears } from './ears.ts';
import { BLOCK, RATE } from './rate.ts';
import { roomNoise } from './room-noise.ts';

/** Milliseconds of a frame. */
const FRAME_MS = 20;

/**
 * Speaks pieces in real time and says how many milliseconds behind the last voiced sample of each the final came. The
 * recogniser is asked for it `detectedMs` after that sample: what a detector takes to be sure.
 */
export async function finalsLate(ears: Ears, spoken: readonly Int16Array[], detectedMs: number): Promise<number[]> {
  const late: number[] = [];
  for (const samples of spoken) {
    const voicedMs = ((audibleBlocks(samples).lastIndexOf(true) + 1) * BLOCK * 1_000) / RATE;
    const endMs = voicedMs + detectedMs;
    const start = realClock.now();
    const frames = ears.frames(concat([samples, roomNoise(1_000)]));
    for (const [index, frame] of frames.entries()) {
      // A frame is there when its last sample is.
      const due = (index + 1) * FRAME_MS;
      if (due > endMs) break;
      await until(start + due);
      void ears.write(frame);
    }
    await until(start + endMs);
    await ears.final();
    late.push(realClock.now() - start - voicedMs);
  }
  return late;
}

function until(at: number): Promise<void> {
  return new Promise((resolve) => void realClock.at(at, resolve));
}
