import assert from 'node:assert/strict';
import type { OperatorFunction } from 'rxjs';
import { type AudioFormat, sameAudioFormat } from '../../media/audio-format.ts';
import type { AudioFrame } from '../../media/audio-frame.ts';
import { micros } from '../../time/units.ts';
import { type Check, check, unless } from './check.ts';
import { type OperatorSubject, operatorChecks } from './operator-checks.ts';
import { operatorRunChecks } from './operator-run-checks.ts';
import { type MakeOperator, OperatorTrial, sourceOf } from './operator-trial.ts';
import { soundAt, sounds } from './trial-frames.ts';

/** What an operator over audio does, where that is not the plain thing. */
export interface AudioProfile {
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
  /** Makes it with callbacks in its options that throw this error. Without it that is not checked. */
  readonly throwing?: (error: Error) => OperatorFunction<AudioFrame, AudioFrame>;
}

/** Mono 16 kHz, then stereo 48 kHz. */
export const audioFormats: readonly [AudioFormat, AudioFormat] = [
  { sampleRate: 16_000, channels: 1 },
  { sampleRate: 48_000, channels: 2 },
];

/** The checks for an operator over audio. */
export function audioChecks(
  profile: AudioProfile,
  [format, otherFormat]: readonly [AudioFormat, AudioFormat],
  seed: number,
): readonly Check<MakeOperator<AudioFrame>>[] {
  const { produces = (input: AudioFormat) => input, outputLength = (input: number) => input } = profile;
  const { interruptible = true, contiguous = true, keepsGaps = true, keepsFormatOrder = true } = profile;
  const length = format.sampleRate / 50;
  const input = (count: number, first = 0) => sounds(count, first, format, seed);
  const sizeOf = (list: readonly AudioFrame[]) => list.reduce((sum, frame) => sum + frame.length, 0);
  const trying =
    (run: (trial: OperatorTrial<AudioFrame>) => Promise<void>) => async (make: MakeOperator<AudioFrame>) => {
      using trial = new OperatorTrial(make);
      await run(trial);
    };
  const assertFormat = (frame: AudioFrame, wanted: AudioFormat) => assert.deepEqual(formatOf(frame), formatOf(wanted));

  const passes = (count: number) =>
    check<MakeOperator<AudioFrame>>(
      `passes ${count} frames on, its tail included, and completes`,
      trying(async (trial) => {
        const { seen, actor } = await trial.finish(sourceOf(input(count)).source);
        if (outputLength !== null)
          assert.equal(sizeOf(seen), outputLength(count * length, format), 'samples that left');
        for (const frame of seen) assertFormat(frame, produces(format));
        for (const frame of seen) assert.equal(frame.samples.length % frame.channels, 0);
        trial.assertNothingKept(actor);
      }),
    );

  const subject: OperatorSubject<AudioFrame> = {
    input,
    size: (frame) => frame.length,
    mostOnInterruption: interruptible ? (5 * format.sampleRate) / 1_000 : undefined,
    throwing: profile.throwing,
    load: (index) => sounds(1, index, format, seed)[0]!,
  };

  return [
    ...operatorChecks(subject),
    ...operatorRunChecks(subject),
    passes(0),
    passes(1),
    passes(7),
    check(
      'takes frames of odd sizes, and loses no sample',
      trying(async (trial) => {
        const list: AudioFrame[] = [];
        let start = 0;
        for (const size of [1, 7, 333, 160, 1_001, 2, 479, 1]) {
          list.push(soundAt(start, size, format, seed));
          start += size;
        }
        const { seen, actor } = await trial.finish(sourceOf(list).source);
        if (outputLength !== null) assert.equal(sizeOf(seen), outputLength(start, format), 'samples that left');
        for (const frame of seen) assert.equal(frame.samples.length, frame.length * frame.channels);
        trial.assertNothingKept(actor);
      }),
    ),
    check(
      'takes silence',
      trying(async (trial) => {
        const list = input(7);
        for (const frame of list) frame.samples.fill(0);
        const { actor } = await trial.finish(sourceOf([...list, ...input(2, 7)]).source);
        trial.assertNothingKept(actor);
      }),
    ),
    check(
      'derives timestamps from sample indexes, without a hole or an overlap',
      trying(async (trial) => {
        const { seen } = await trial.run(sourceOf(input(50)).source);
        let index = 0;
        const first = seen[0]?.timestamp ?? 0;
        for (const frame of seen) {
          const due = first + (index * 1_000_000) / frame.sampleRate;
          assert.ok(Math.abs(frame.timestamp - due) <= 1, `a frame has ${frame.timestamp} us in place of ${due}`);
          index += frame.length;
        }
      }),
      unless(contiguous, 'its timestamps do not follow from its samples'),
    ),
    check(
      'takes a change of format in mid-stream and loses no sample of either',
      trying(async (trial) => {
        const list = [...input(4), ...sounds(4, 4, otherFormat, seed)];
        const { seen } = await trial.finish(sourceOf(list).source);
        trial.assertAllClosed();
        if (outputLength === null || !keepsFormatOrder) return;
        const before = produces(format);
        const after = produces(otherFormat);
        const lengths = [
          outputLength(4 * length, format),
          outputLength((4 * otherFormat.sampleRate) / 50, otherFormat),
        ] as const;
        if (sameAudioFormat(before, after)) {
          assert.equal(sizeOf(seen), lengths[0] + lengths[1], 'samples that left');
          return;
        }
        const change = seen.findIndex((frame) => !sameAudioFormat(frame, before));
        assert.equal(sizeOf(seen.slice(0, change)), lengths[0], 'samples that left before the change');
        assert.equal(sizeOf(seen.slice(change)), lengths[1], 'samples that left after the change');
        for (const frame of seen.slice(change)) assertFormat(frame, after);
      }),
    ),
    check(
      'keeps a gap, on the sample it stands before',
      trying(async (trial) => {
        const gap = { duration: micros(40_000), reason: 'overflow' } as const;
        const list = input(6);
        list[3] = list[3]!.move({ gap });
        const { seen } = await trial.run(sourceOf(list).source);
        const marked = seen.filter((frame) => frame.gap !== undefined);
        assert.equal(marked.length, 1, 'frames with a gap');
        assert.deepEqual({ ...marked[0]!.gap }, gap);
        const before = seen.slice(0, seen.indexOf(marked[0]!));
        if (outputLength !== null) assert.equal(sizeOf(before), outputLength(3 * length, format), 'samples before it');
      }),
      unless(keepsGaps, 'it keeps no gaps'),
    ),
    check(
      'does not change the samples of the frames it was given',
      trying(async (trial) => {
        const list = input(4);
        const given = list.map((frame) => frame.samples);
        const copies = given.map((samples) => samples.slice());
        await trial.run(sourceOf(list).source);
        assert.deepEqual(given, copies);
      }),
    ),
  ];
}

function formatOf({ sampleRate, channels }: AudioFormat): AudioFormat {
  return { sampleRate, channels };
}
