import assert from 'node:assert/strict';
import { Observable, type OperatorFunction } from 'rxjs';
import { type ColorFormat, type ColorSpace, colorFormats } from '../../media/color-format.ts';
import { type VideoFormat, videoByteLength } from '../../media/video-format.ts';
import type { VideoFrame } from '../../media/video-frame.ts';
import { videoFramePool } from '../../media/video-frame-pool.ts';
import { micros } from '../../time/units.ts';
import { type Check, check, unless } from './check.ts';
import { type OperatorSubject, operatorChecks } from './operator-checks.ts';
import { operatorRunChecks } from './operator-run-checks.ts';
import { type MakeOperator, OperatorTrial, sourceOf } from './operator-trial.ts';
import { pictureAt, pictures } from './trial-frames.ts';

/** What an operator over pictures does, where that is not the plain thing. */
export interface VideoProfile {
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
  /** Makes it with callbacks in its options that throw this error. Without it that is not checked. */
  readonly throwing?: (error: Error) => OperatorFunction<VideoFrame, VideoFrame>;
}

/** 48x32 I420, then 62x46 BGRA. */
export const videoFormats: readonly [VideoFormat, VideoFormat] = [
  { width: 48, height: 32, format: 'I420' },
  { width: 62, height: 46, format: 'BGRA' },
];

const oddSizes: NonNullable<VideoProfile['sizes']> = [
  [1, 1],
  [2, 1],
  [1, 3],
  [7, 5],
  [33, 17],
];

/** The checks for an operator over pictures. */
export function videoChecks(
  profile: VideoProfile,
  [format, otherFormat]: readonly [VideoFormat, VideoFormat],
  seed: number,
): readonly Check<MakeOperator<VideoFrame>>[] {
  const { produces = (input: VideoFormat) => input, colorSpace = (input: ColorSpace) => input } = profile;
  const { outputCount = (input: number) => input, keepsTimes = profile.outputCount === undefined } = profile;
  const { keepsGaps = true, interruptible = true, sizes = oddSizes, colorFormats: accepted = colorFormats } = profile;
  const input = (count: number, first = 0, video = format) => pictures(count, first, video, seed);
  const trying =
    (run: (trial: OperatorTrial<VideoFrame>) => Promise<void>) => async (make: MakeOperator<VideoFrame>) => {
      using trial = new OperatorTrial(make);
      await run(trial);
    };
  const assertCount = (seen: readonly VideoFrame[], entered: number) => {
    if (outputCount !== null) assert.equal(seen.length, outputCount(entered), 'frames that left');
  };

  const passes = (count: number) =>
    check<MakeOperator<VideoFrame>>(
      `passes ${count} frames on and completes`,
      trying(async (trial) => {
        const { seen, actor } = await trial.finish(sourceOf(input(count)).source);
        assertCount(seen, count);
        for (const frame of seen) assert.deepEqual(formatOf(frame), formatOf(produces(format)));
        trial.assertNothingKept(actor);
      }),
    );

  const takes = (color: ColorFormat) =>
    check<MakeOperator<VideoFrame>>(
      `takes ${color} at odd sizes and fills whole pictures`,
      trying(async (trial) => {
        for (const [width, height] of sizes) {
          const video = { width, height, format: color };
          const { seen, error } = await trial.run(sourceOf(input(2, 0, video)).source, undefined, (frame) =>
            assert.equal(frame.data.length, videoByteLength(frame), 'bytes of a picture'),
          );
          assert.equal(error, undefined, `${width}x${height}: ${error}`);
          for (const frame of seen) assert.deepEqual(formatOf(frame), formatOf(produces(video)));
          assertCount(seen, 2);
          trial.assertAllClosed();
        }
      }),
      unless(accepted.includes(color), `it does not take ${color}`),
    );

  const subject: OperatorSubject<VideoFrame> = {
    input,
    size: () => 1,
    mostOnInterruption: interruptible ? 0 : undefined,
    throwing: profile.throwing,
    load: (index) => pictureAt(index, { width: 640, height: 360, format: format.format }, seed),
  };

  return [
    ...operatorChecks(subject),
    ...operatorRunChecks(subject),
    passes(0),
    passes(1),
    passes(7),
    ...colorFormats.map(takes),
    check(
      'takes a change of size and colours in mid-stream and loses no picture',
      trying(async (trial) => {
        const { seen } = await trial.finish(sourceOf([...input(4), ...input(4, 4, otherFormat)]).source);
        trial.assertAllClosed();
        const [before, after] = [formatOf(produces(format)), formatOf(produces(otherFormat))];
        if (profile.outputCount === undefined)
          assert.deepEqual(seen.map(formatOf), [before, before, before, before, after, after, after, after]);
        const known = [before, after].map((video) => JSON.stringify(video));
        for (const frame of seen) assert.ok(known.includes(JSON.stringify(formatOf(frame))), 'an unknown format left');
      }),
    ),
    check(
      'keeps timestamp, duration, gap, epoch and colour space',
      trying(async (trial) => {
        const gap = { duration: micros(80_000), reason: 'overflow' } as const;
        const list = Array.from({ length: 5 }, (_, index) =>
          pictureAt(index, format, seed, {
            colorSpace: 'bt709-full',
            epoch: 2,
            ...(index === 2 ? { gap } : {}),
            // Not as long as the time to the next, as cameras have it.
            duration: micros(39_000 + index),
          }),
        );
        const times = list.map(timesOf);
        const { seen } = await trial.run(sourceOf(list).source);
        for (const frame of seen) {
          assert.equal(frame.colorSpace, colorSpace('bt709-full', format));
          assert.equal(frame.epoch, 2);
        }
        if (keepsTimes) assert.deepEqual(seen.map(timesOf), times);
        if (!keepsGaps) return;
        const gaps = seen.flatMap((frame) => (frame.gap === undefined ? [] : [{ ...frame.gap }]));
        assert.deepEqual(gaps, [gap]);
        if (keepsTimes) assert.notEqual(seen[2]?.gap, undefined, 'the gap stands before another picture');
      }),
    ),
    check(
      'writes into no frame whose bytes somebody else sees',
      trying(async (trial) => {
        const kept = input(4);
        const before = kept.map(({ data }) => data.slice());
        const { seen } = await trial.run(sourceOf(kept.map((frame) => frame.clone())).source);
        const now = kept.map(({ data }) => data.slice());
        for (const frame of kept) frame.close();
        assert.deepEqual(now, before);
        assertCount(seen, 4);
        trial.assertAllClosed();
      }),
    ),
    check(
      'does not touch what it has emitted',
      trying(async (trial) => {
        const taken: VideoFrame[] = [];
        const before: Uint8Array[] = [];
        await trial.run(sourceOf(input(6)).source, undefined, (frame) => {
          taken.push(frame.clone());
          before.push(frame.data.slice());
        });
        const now = taken.map(({ data }) => data.slice());
        for (const frame of taken) frame.close();
        assert.deepEqual(now, before);
        trial.assertAllClosed();
      }),
    ),
    check(
      'needs no new memory once it has run',
      trying(async (trial) => {
        // Made one by one, as a source does: what was closed is used again.
        const stream = () =>
          new Observable<VideoFrame>((destination) => {
            for (let index = 0; index < 12 && !destination.closed; index++)
              destination.next(pictureAt(index, format, seed));
            destination.complete();
          });
        await trial.run(stream());
        const { misses } = videoFramePool.stats;
        await trial.run(stream());
        assert.equal(videoFramePool.stats.misses - misses, 0, 'new buffers of the second run');
      }),
    ),
  ];
}

function formatOf({ width, height, format }: VideoFormat): VideoFormat {
  return { width, height, format };
}

function timesOf({ timestamp, duration }: VideoFrame) {
  return { timestamp, duration };
}
