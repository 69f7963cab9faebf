import type { AudioFormat, AudioFrame } from '@sluice/core';
import { withContext } from '@sluice/core';
import { frameObserver } from '@sluice/core/testing';
import { Observable, type OperatorFunction, Subject, take } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frameAt, joined, speechFormat } from './ramp-frames.ts';
import { TestContext } from './test-context.ts';

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
  const interruptible = checklist.interruptible ?? true;
  const length = format.sampleRate / 50;
  const open = new Set<object>();

  /** Runs the operator over a source in virtual time and closes what comes out, after looking at it. */
  async function run(source: Observable<AudioFrame>, context = new TestContext()) {
    const seen: AudioFrame[] = [];
    const result = { seen, completed: false, error: undefined as unknown, context };
    const output = source.pipe(checklist.make());
    const subscription = withContext(context, () =>
      output.subscribe({
        next: (frame) => {
          seen.push(frame);
          frame.close();
        },
        error: (error: unknown) => {
          result.error = error;
        },
        complete: () => {
          result.completed = true;
        },
      }),
    );
    await context.clock.run({ limitMs: 600_000 });
    return { ...result, subscription };
  }

  const input = (count: number, from = format, first = 0) =>
    Array.from({ length: count }, (_, index) => {
      const samples = from.sampleRate / 50;
      return frameAt((first + index) * samples, samples, undefined, from);
    });

  /** A source that counts unsubscriptions and leaves frames that nobody takes to the test. */
  function sourceOf(list: readonly AudioFrame[], end: 'complete' | 'never' | Error = 'complete') {
    const state = { unsubscribed: 0 };
    const source = new Observable<AudioFrame>((destination) => {
      for (const frame of list) {
        if (destination.closed) frame.close();
        else destination.next(frame);
      }
      if (end === 'complete') destination.complete();
      else if (end instanceof Error) destination.error(end);
      return () => state.unsubscribed++;
    });
    return { source, state };
  }

  describe(`${name}: the operator checklist`, () => {
    beforeEach(() => {
      open.clear();
      frameObserver.current = { opened: (frame) => open.add(frame), closed: (frame) => open.delete(frame) };
    });
    afterEach(() => {
      frameObserver.current = undefined;
    });

    const lengthOf = (list: readonly AudioFrame[]) => list.reduce((sum, frame) => sum + frame.length, 0);

    for (const count of [0, 1, 7]) {
      it(`passes ${count} frames on, its tail included, and completes`, async () => {
        const { source } = sourceOf(input(count));
        const { seen, completed, error, context } = await run(source);
        expect(error).toBeUndefined();
        expect(completed).toBe(true);
        if (outputLength !== null) expect(lengthOf(seen)).toBe(outputLength(count * length, format));
        for (const frame of seen) expect(formatOf(frame)).toEqual(produces(format));
        for (const frame of seen) expect(frame.samples.length % frame.channels).toBe(0);
        expect(open.size).toBe(0);
        expect(context.held).toBe(0);
        expect(context.listeners).toBe(0);
        expect(context.clock.timers).toBe(0);
      });
    }

    if (checklist.contiguous ?? true)
      it('derives timestamps from sample indexes, without a hole or an overlap', async () => {
        const { seen } = await run(sourceOf(input(50)).source);
        let index = 0;
        const first = seen[0]?.timestamp ?? 0;
        for (const frame of seen) {
          expect(Math.abs(frame.timestamp - first - (index * 1_000_000) / frame.sampleRate)).toBeLessThanOrEqual(1);
          index += frame.length;
        }
      });

    it('passes a source error on and closes what it keeps', async () => {
      const failure = new Error('the source broke');
      const { source } = sourceOf(input(7), failure);
      const { error, completed, context } = await run(source);
      expect(error).toBe(failure);
      expect(completed).toBe(false);
      expect(open.size).toBe(0);
      expect(context.held).toBe(0);
      expect(context.listeners).toBe(0);
      expect(context.clock.timers).toBe(0);
    });

    it('unsubscribes its source when it is unsubscribed, and closes what it keeps', async () => {
      const context = new TestContext();
      const subject = new Subject<AudioFrame>();
      const { subscription } = await run(subject, context);
      expect(subject.observed).toBe(true);
      for (const frame of input(3)) subject.next(frame);
      subscription.unsubscribe();
      expect(subject.observed).toBe(false);
      expect(open.size).toBe(0);
      expect(context.held).toBe(0);
      expect(context.listeners).toBe(0);
      expect(context.clock.timers).toBe(0);
    });

    it('stops a source that emits while it is subscribed to, when one frame was enough', async () => {
      const context = new TestContext();
      const { source, state } = sourceOf(input(40), 'never');
      const output = source.pipe(checklist.make(), take(1));
      withContext(context, () => output.subscribe((frame) => frame.close()));
      await context.clock.run({ limitMs: 10_000 });
      expect(state.unsubscribed).toBe(1);
      expect(open.size).toBe(0);
      expect(context.held).toBe(0);
    });

    it('serves several subscriptions, each with a state of its own', async () => {
      const operator = checklist.make();
      const lengths: number[] = [];
      for (let pass = 0; pass < 2; pass++) {
        const context = new TestContext();
        let samples = 0;
        const output = sourceOf(input(5)).source.pipe(operator);
        withContext(context, () =>
          output.subscribe((frame) => {
            samples += frame.length;
            frame.close();
          }),
        );
        await context.clock.run({ limitMs: 600_000 });
        lengths.push(samples);
      }
      expect(lengths[1]).toBe(lengths[0]);
    });

    it('takes a change of format in mid-stream and loses no sample of either', async () => {
      const list = [...input(4), ...input(4, otherFormat, 4)];
      const { seen, completed, error } = await run(sourceOf(list).source);
      expect(error).toBeUndefined();
      expect(completed).toBe(true);
      expect(open.size).toBe(0);
      if (outputLength === null || checklist.keepsFormatOrder === false) return;
      const before = produces(format);
      const after = produces(otherFormat);
      const same = before.sampleRate === after.sampleRate && before.channels === after.channels;
      const expected = [outputLength(4 * length, format), outputLength((4 * otherFormat.sampleRate) / 50, otherFormat)];
      if (same) {
        expect(lengthOf(seen)).toBe(expected[0]! + expected[1]!);
        return;
      }
      const change = seen.findIndex(
        (frame) => frame.sampleRate !== before.sampleRate || frame.channels !== before.channels,
      );
      expect(lengthOf(seen.slice(0, change))).toBe(expected[0]);
      expect(lengthOf(seen.slice(change))).toBe(expected[1]);
      for (const frame of seen.slice(change)) expect(formatOf(frame)).toEqual(after);
    });

    if (checklist.keepsGaps ?? true)
      it('keeps a gap, on the sample it stands before', async () => {
        const list = input(6);
        list[3] = list[3]!.move({ gap: { duration: 40_000 as never, reason: 'overflow' } });
        const { seen } = await run(sourceOf(list).source);
        const marked = seen.findIndex((frame) => frame.gap !== undefined);
        expect(seen[marked]?.gap).toEqual({ duration: 40_000, reason: 'overflow' });
        expect(seen.filter((frame) => frame.gap !== undefined)).toHaveLength(1);
        if (outputLength !== null) expect(lengthOf(seen.slice(0, marked))).toBe(outputLength(3 * length, format));
      });

    it('keeps the epoch of what it was given', async () => {
      const list = input(4);
      for (const frame of list) frame.epoch = 3;
      const context = new TestContext();
      context.epoch = 3;
      const { seen } = await run(sourceOf(list).source, context);
      for (const frame of seen) expect(frame.epoch).toBe(3);
    });

    if (interruptible)
      it('drops what it keeps on an interruption and goes on in the new epoch', async () => {
        const context = new TestContext();
        const subject = new Subject<AudioFrame>();
        const { seen, subscription } = await run(subject, context);
        for (const frame of input(3)) subject.next(frame);
        const before = seen.length;
        context.interrupt();
        expect(context.held).toBe(0);
        expect(open.size).toBe(0);
        const emitted = seen.slice(before);
        for (const frame of emitted) expect(frame.epoch).toBe(1);
        expect(lengthOf(emitted)).toBeLessThanOrEqual((5 * format.sampleRate) / 1_000);
        for (const frame of input(3, format, 3)) {
          frame.epoch = 1;
          subject.next(frame);
        }
        subject.complete();
        await context.clock.run({ limitMs: 600_000 });
        for (const frame of seen.slice(before)) expect(frame.epoch).toBe(1);
        expect(open.size).toBe(0);
        expect(context.held).toBe(0);
        subscription.unsubscribe();
      });

    it('does not change the samples of the frames it was given', async () => {
      const list = input(4);
      const copies = list.map((frame) => frame.samples.slice());
      const given = list.map((frame) => frame.samples);
      await run(sourceOf(list).source);
      expect(joined(given.map((samples) => ({ samples })))).toEqual(joined(copies.map((samples) => ({ samples }))));
    });
  });
}

function formatOf({ sampleRate, channels }: AudioFormat): AudioFormat {
  return { sampleRate, channels };
}
