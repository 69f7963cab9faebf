import { audioPort, defineNode } from '@sluice/core';
import { z } from 'zod';

/** How loud a stretch of sound was. */
export interface Level {
  /** Media time of its beginning, in seconds. */
  readonly seconds: number;
  /** Root mean square in dB of full scale: 0 at most, `-Infinity` for silence. */
  readonly db: number;
}

/**
 * Tells how loud it is: a sink, with one input `in`, of any rate and channels.
 *
 * Calls back once for each full stretch, as soon as its last sample is there, and with the rest at the end. A change of
 * format begins a new stretch. An interruption drops the one that was under way; what was told counts as heard.
 *
 * @param options.onLevel Is told each level. What it throws fails the node.
 * @param options.everyMs Length of a stretch in milliseconds of media, 10 to 10,000. Default 100.
 * @throws SluiceError SLUICE_NODE_OPTIONS for a value out of range; TypeError for an unknown option
 */
export const toLevels = defineNode({
  name: 'to-levels',
  package: '__NAME__',
  options: z.strictObject({
    onLevel: z.custom<(level: Level) => void>((value) => typeof value === 'function', 'expected a function'),
    everyMs: z.int().min(10).max(10_000).default(100).describe('Length of a stretch in milliseconds of media.'),
  }),
  inputs: { in: audioPort() },
  outputs: {},
  create({ onLevel, everyMs }) {
    /** What is under way: sum and count are of samples of all channels, `perSecond` of which are a second. */
    let stretch: { readonly seconds: number; readonly perSecond: number; sum: number; count: number } | undefined;
    /** What was told since the last interruption, in microseconds. */
    let told = 0;

    const tell = () => {
      if (stretch === undefined) return;
      const { seconds, sum, count, perSecond } = stretch;
      // Before the callback: what it throws must not tell the same stretch again.
      stretch = undefined;
      told += (count / perSecond) * 1_000_000;
      onLevel({ seconds, db: 10 * Math.log10(sum / count / 32_768 ** 2) });
    };

    return {
      onFrame(_port, frame) {
        const { samples, sampleRate, channels, timestamp } = frame;
        frame.close();
        const perSecond = sampleRate * channels;
        const full = Math.round((everyMs / 1_000) * sampleRate) * channels;
        for (const [at, sample] of samples.entries()) {
          stretch ??= { seconds: timestamp / 1_000_000 + at / perSecond, perSecond, sum: 0, count: 0 };
          stretch.sum += sample ** 2;
          if (++stretch.count === full) tell();
        }
      },
      onFormat: tell,
      onDrain: tell,
      onInterrupt(interruption) {
        interruption.heard(told);
        if (stretch !== undefined) interruption.dropped((stretch.count / stretch.perSecond) * 1_000_000);
        told = 0;
        stretch = undefined;
      },
    };
  },
});
