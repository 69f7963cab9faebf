import type { AudioFormat, AudioFrame } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { OperatorTrial, sourceOf } from './operator-trial.ts';
import { frameAt, joined, speechFormat } from './ramp-frames.ts';

/** What the checklist must know of an operator. */
export interface OperatorChecklist {
  /** Makes the operator anew for each case. */
  readonly make: () => OperatorFunction<AudioFrame, AudioFrame>;
  /** The format the operator is fed with first. Default mono 16 kHz. */
  readonly format?: AudioFormat;
  /** The format after the change. Default stereo 48 kHz. */
  readonly otherFormat?: AudioFormat;
  /** What leaves for an input format. Default: the same. */
  readonly produces?: (input: AudioFormat) => AudioFormat;
  /** Samples per channel that leave for so many that entered, after the end. Default: as many. Null: not checked. */
  readonly outputLength?: ((input: number, format: AudioFormat) => number) | null;
  /** Whether each sample before and after a change of format leaves once, in that order. Default true. */
  readonly keepsFormatOrder?: boolean;
  /** Whether the media of an interrupted epoch that were not emitted yet are dropped. Default true. */
  readonly interruptible?: boolean;
  /** Whether frame timestamps follow the sample index without holes. Default true. */
  readonly contiguous?: boolean;
  /** Whether a gap of the input must appear in the output. Default true. */
  readonly keepsGaps?: boolean;
}

/** Runs the cases that every operator over audio frames has to pass. */
export function operatorChecklist(name: string, checklist: OperatorChecklist): void {
  const format = checklist.format ?? speechFormat;
  const otherFormat = checklist.otherFormat ?? { sampleRate: 48_000, channels: 2 };
  const produces = checklist.produces ?? ((input: AudioFormat) => input);
  const outputLength = checklist.outputLength === undefined ? (input: number) => input : checklist.outputLength;
  const length = format.sampleRate / 50;

  const input = (count: number, first = 0, from = format) =>
    Array.from({ length: count }, (_, index) => {
      const samples = from.sampleRate / 50;
      return frameAt((first + index) * samples, samples, undefined, from);
    });

  const trial = new OperatorTrial<AudioFrame>({
    make: checklist.make,
    input,
    size: (frame) => frame.length,
    mostOnInterruption: (checklist.interruptible ?? true) ? (5 * format.sampleRate) / 1_000 : undefined,
  });

  describe(`${name}: the operator checklist`, () => {
    trial.commonCases();

    for (const count of [0, 1, 7]) {
      it(`passes ${count} frames on, its tail included, and completes`, async () => {
        const { source } = sourceOf(input(count));
        const { seen, completed, error, context } = await trial.run(source);
        expect(error).toBeUndefined();
        expect(completed).toBe(true);
        if (outputLength !== null) expect(trial.sizeOf(seen)).toBe(outputLength(count * length, format));
        for (const frame of seen) expect(formatOf(frame)).toEqual(produces(format));
        for (const frame of seen) expect(frame.samples.length % frame.channels).toBe(0);
        trial.expectNothingKept(context);
      });
    }

    if (checklist.contiguous ?? true)
      it('derives timestamps from sample indexes, without a hole or an overlap', async () => {
        const { seen } = await trial.run(sourceOf(input(50)).source);
        let index = 0;
        const first = seen[0]?.timestamp ?? 0;
        for (const frame of seen) {
          expect(Math.abs(frame.timestamp - first - (index * 1_000_000) / frame.sampleRate)).toBeLessThanOrEqual(1);
          index += frame.length;
        }
      });

    it('takes a change of format in mid-stream and loses no sample of either', async () => {
      const list = [...input(4), ...input(4, 4, otherFormat)];
      const { seen, completed, error } = await trial.run(sourceOf(list).source);
      expect(error).toBeUndefined();
      expect(completed).toBe(true);
      trial.expectAllClosed();
      if (outputLength === null || checklist.keepsFormatOrder === false) return;
      const before = produces(format);
      const after = produces(otherFormat);
      const same = before.sampleRate === after.sampleRate && before.channels === after.channels;
      const expected = [outputLength(4 * length, format), outputLength((4 * otherFormat.sampleRate) / 50, otherFormat)];
      if (same) {
        expect(trial.sizeOf(seen)).toBe(expected[0]! + expected[1]!);
        return;
      }
      const change = seen.findIndex(
        (frame) => frame.sampleRate !== before.sampleRate || frame.channels !== before.channels,
      );
      expect(trial.sizeOf(seen.slice(0, change))).toBe(expected[0]);
      expect(trial.sizeOf(seen.slice(change))).toBe(expected[1]);
      for (const frame of seen.slice(change)) expect(formatOf(frame)).toEqual(after);
    });

    if (checklist.keepsGaps ?? true)
      it('keeps a gap, on the sample it stands before', async () => {
        const list = input(6);
        list[3] = list[3]!.move({ gap: { duration: 40_000 as never, reason: 'overflow' } });
        const { seen } = await trial.run(sourceOf(list).source);
        const marked = seen.findIndex((frame) => frame.gap !== undefined);
        expect(seen[marked]?.gap).toEqual({ duration: 40_000, reason: 'overflow' });
        expect(seen.filter((frame) => frame.gap !== undefined)).toHaveLength(1);
        if (outputLength !== null) expect(trial.sizeOf(seen.slice(0, marked))).toBe(outputLength(3 * length, format));
      });

    it('does not change the samples of the frames it was given', async () => {
      const list = input(4);
      const copies = list.map((frame) => frame.samples.slice());
      const given = list.map((frame) => frame.samples);
      await trial.run(sourceOf(list).source);
      expect(joined(given.map((samples) => ({ samples })))).toEqual(joined(copies.map((samples) => ({ samples }))));
    });
  });
}

function formatOf({ sampleRate, channels }: AudioFormat): AudioFormat {
  return { sampleRate, channels };
}
