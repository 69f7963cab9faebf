import {
  type ColorFormat,
  type ColorSpace,
  colorFormats,
  micros,
  type VideoFormat,
  type VideoFrame,
  videoByteLength,
  videoFramePool,
} from '@sluice/core';
import { Observable, type OperatorFunction } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { OperatorTrial, sourceOf } from './operator-trial.ts';
import { pictureAt, pictures, smallVideo } from './picture-frames.ts';

/** What the checklist must know of an operator over pictures. */
export interface VideoOperatorChecklist {
  /** Makes the operator anew for each case. */
  readonly make: () => OperatorFunction<VideoFrame, VideoFrame>;
  /** What the operator is fed with first, 25 frames a second. Default 48x32 I420. */
  readonly format?: VideoFormat;
  /** After the change in mid-stream. Default 62x46 BGRA. */
  readonly otherFormat?: VideoFormat;
  /** The colour formats it takes. Default all six. */
  readonly colorFormats?: readonly ColorFormat[];
  /** Width and height of the pictures it is tried with in each of them. Default 1x1 and odd ones. */
  readonly sizes?: readonly (readonly [number, number])[];
  /** What leaves for an input. Default: the same. */
  readonly produces?: (input: VideoFormat) => VideoFormat;
  /** The colour space that leaves. Default: the same. */
  readonly colorSpace?: (input: ColorSpace, video: VideoFormat) => ColorSpace;
  /** Frames that leave for so many that entered, after the end. Default: as many. Null: not checked. */
  readonly outputCount?: ((input: number) => number) | null;
  /** Whether each frame leaves once with its timestamp and duration. Default: true unless `outputCount` is given. */
  readonly keepsTimes?: boolean;
  /** Whether a gap of the input must appear in the output. Default true. */
  readonly keepsGaps?: boolean;
  /** Whether the pictures of an interrupted epoch that were not emitted yet are dropped. Default true. */
  readonly interruptible?: boolean;
}

const oddSizes = [
  [1, 1],
  [2, 1],
  [1, 3],
  [7, 5],
  [33, 17],
] as const;

/** Runs the cases that every operator over video frames has to pass. */
export function videoOperatorChecklist(name: string, checklist: VideoOperatorChecklist): void {
  const format = checklist.format ?? smallVideo;
  const otherFormat = checklist.otherFormat ?? { width: 62, height: 46, format: 'BGRA' };
  const produces = checklist.produces ?? ((input: VideoFormat) => input);
  const colorSpace = checklist.colorSpace ?? ((input: ColorSpace) => input);
  const outputCount = checklist.outputCount === undefined ? (input: number) => input : checklist.outputCount;
  const keepsTimes = checklist.keepsTimes ?? checklist.outputCount === undefined;

  const trial = new OperatorTrial<VideoFrame>({
    make: checklist.make,
    input: (count, first) => pictures(count, first, format),
    size: () => 1,
    mostOnInterruption: (checklist.interruptible ?? true) ? 0 : undefined,
  });

  describe(`${name}: the checklist for video operators`, () => {
    trial.commonCases();

    for (const count of [0, 1, 7]) {
      it(`passes ${count} frames on and completes`, async () => {
        const { source } = sourceOf(pictures(count, 0, format));
        const { seen, completed, error, context } = await trial.run(source);
        expect(error).toBeUndefined();
        expect(completed).toBe(true);
        if (outputCount !== null) expect(seen).toHaveLength(outputCount(count));
        for (const frame of seen) expect(formatOf(frame)).toEqual(formatOf(produces(format)));
        trial.expectNothingKept(context);
      });
    }

    const accepted = checklist.colorFormats ?? colorFormats;
    it.each(accepted)('takes %s at odd sizes and fills whole pictures', async (color) => {
      for (const [width, height] of checklist.sizes ?? oddSizes) {
        const input = { width, height, format: color };
        const { seen, error } = await trial.run(sourceOf(pictures(2, 0, input)).source, undefined, (frame) =>
          expect(frame.data).toHaveLength(videoByteLength(frame)),
        );
        expect(error).toBeUndefined();
        for (const frame of seen) expect(formatOf(frame)).toEqual(formatOf(produces(input)));
        if (outputCount !== null) expect(seen).toHaveLength(outputCount(2));
        trial.expectAllClosed();
      }
    });

    it('takes a change of size and colours in mid-stream and loses no picture', async () => {
      const list = [...pictures(4, 0, format), ...pictures(4, 4, otherFormat)];
      const { seen, completed, error } = await trial.run(sourceOf(list).source);
      expect(error).toBeUndefined();
      expect(completed).toBe(true);
      trial.expectAllClosed();
      const [before, after] = [formatOf(produces(format)), formatOf(produces(otherFormat))];
      if (checklist.outputCount === undefined)
        expect(seen.map(formatOf)).toEqual([before, before, before, before, after, after, after, after]);
      for (const frame of seen) expect([before, after]).toContainEqual(formatOf(frame));
    });

    it('keeps timestamp, duration, gap, epoch and colour space', async () => {
      const gap = { duration: micros(80_000), reason: 'overflow' } as const;
      const list = Array.from({ length: 5 }, (_, index) =>
        pictureAt(index, format, {
          colorSpace: 'bt709-full',
          epoch: 2,
          ...(index === 2 ? { gap } : {}),
          // Not as long as the time to the next, as cameras have it.
          duration: micros(39_000 + index),
        }),
      );
      const times = list.map(({ timestamp, duration }) => ({ timestamp, duration }));
      const { seen } = await trial.run(sourceOf(list).source);
      for (const frame of seen) {
        expect(frame.colorSpace).toBe(colorSpace('bt709-full', format));
        expect(frame.epoch).toBe(2);
      }
      if (keepsTimes) expect(seen.map(({ timestamp, duration }) => ({ timestamp, duration }))).toEqual(times);
      if (checklist.keepsGaps ?? true) expect(seen.flatMap((frame) => frame.gap ?? [])).toEqual([gap]);
      if (keepsTimes && (checklist.keepsGaps ?? true)) expect(seen[2]?.gap).toEqual(gap);
    });

    it('writes into no frame whose bytes somebody else sees', async () => {
      const kept = pictures(4, 0, format);
      const before = kept.map(({ data }) => data.slice());
      const { seen } = await trial.run(sourceOf(kept.map((frame) => frame.clone())).source);
      expect(kept.map(({ data }) => data)).toEqual(before);
      if (outputCount !== null) expect(seen).toHaveLength(outputCount(4));
      for (const frame of kept) frame.close();
      trial.expectAllClosed();
    });

    it('does not touch what it has emitted', async () => {
      const taken: VideoFrame[] = [];
      const before: Uint8Array[] = [];
      await trial.run(sourceOf(pictures(6, 0, format)).source, undefined, (frame) => {
        taken.push(frame.clone());
        before.push(frame.data.slice());
      });
      expect(taken.map(({ data }) => data)).toEqual(before);
      for (const frame of taken) frame.close();
      trial.expectAllClosed();
    });

    it('needs no new memory once it has run', async () => {
      // Made one by one, as a source does: what was closed is used again.
      const stream = () =>
        new Observable<VideoFrame>((destination) => {
          for (let index = 0; index < 12 && !destination.closed; index++) destination.next(pictureAt(index, format));
          destination.complete();
        });
      await trial.run(stream());
      const { misses } = videoFramePool.stats;
      await trial.run(stream());
      expect(videoFramePool.stats.misses).toBe(misses);
    });
  });
}

function formatOf({ width, height, format }: VideoFormat): VideoFormat {
  return { width, height, format };
}
