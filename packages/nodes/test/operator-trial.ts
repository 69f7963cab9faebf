import { type AudioFrame, idsOf, type VideoFrame, videoFramePool, withContext } from '@sluice/core';
import { frameObserver } from '@sluice/core/testing';
import { Observable, type OperatorFunction, Subject, take } from 'rxjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestContext } from './test-context.ts';

export interface OperatorTrialOptions<F> {
  /** Makes the operator anew for each case. */
  readonly make: () => OperatorFunction<F, F>;
  /** The first frames of a stream. */
  readonly input: (count: number, first?: number) => F[];
  /** How much of the media a frame is: samples of audio, 1 for a picture. */
  readonly size: (frame: F) => number;
  /** The most that may leave on an interruption, a fade for example; undefined if nothing is dropped by one. */
  readonly mostOnInterruption: number | undefined;
}

/** Runs an operator over frames in virtual time and watches over what has to be given back. */
export class OperatorTrial<F extends AudioFrame | VideoFrame> {
  readonly options: OperatorTrialOptions<F>;
  readonly #open = new Set<object>();
  #buffers = 0;

  constructor(options: OperatorTrialOptions<F>) {
    this.options = options;
  }

  /** Runs the operator over a source and closes what comes out, after `look` saw it. */
  async run(source: Observable<F>, context = new TestContext(), look: (frame: F) => void = () => {}) {
    const seen: F[] = [];
    const result = { seen, completed: false, error: undefined as unknown, context };
    const output = source.pipe(this.options.make());
    const subscription = withContext(context, () =>
      output.subscribe({
        next: (frame) => {
          seen.push(frame);
          look(frame);
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

  sizeOf(list: readonly F[]): number {
    return list.reduce((sum, frame) => sum + this.options.size(frame), 0);
  }

  /** Every frame is closed, every buffer is back, nobody waits or listens any more. */
  expectNothingKept(context: TestContext): void {
    this.expectAllClosed();
    expect(context.held).toBe(0);
    expect(context.listeners).toBe(0);
    expect(context.clock.timers).toBe(0);
  }

  expectAllClosed(): void {
    expect(this.#open.size).toBe(0);
    expect(videoFramePool.stats.openBuffers).toBe(this.#buffers);
  }

  /** The cases that are the same whatever flows. Called inside a `describe`. */
  commonCases(): void {
    beforeEach(() => {
      this.#open.clear();
      this.#buffers = videoFramePool.stats.openBuffers;
      frameObserver.current = { opened: (frame) => this.#open.add(frame), closed: (frame) => this.#open.delete(frame) };
    });
    afterEach(() => {
      frameObserver.current = undefined;
    });
    const { input, make, mostOnInterruption } = this.options;

    it('passes a source error on and closes what it keeps', async () => {
      const failure = new Error('the source broke');
      const { error, completed, context } = await this.run(sourceOf(input(7), failure).source);
      expect(error).toBe(failure);
      expect(completed).toBe(false);
      this.expectNothingKept(context);
    });

    it('unsubscribes its source when it is unsubscribed, and closes what it keeps', async () => {
      const context = new TestContext();
      const subject = new Subject<F>();
      const { subscription } = await this.run(subject, context);
      expect(subject.observed).toBe(true);
      for (const frame of input(3)) subject.next(frame);
      subscription.unsubscribe();
      expect(subject.observed).toBe(false);
      await context.clock.settle();
      this.expectNothingKept(context);
    });

    it('stops a source that emits while it is subscribed to, when one frame was enough', async () => {
      const context = new TestContext();
      const { source, state } = sourceOf(input(40), 'never');
      const output = source.pipe(make(), take(1));
      withContext(context, () => output.subscribe((frame) => frame.close()));
      await context.clock.run({ limitMs: 10_000 });
      expect(state.unsubscribed).toBe(1);
      this.expectNothingKept(context);
    });

    it('serves several subscriptions, each with a state of its own', async () => {
      const operator = make();
      const sizes: number[] = [];
      for (let pass = 0; pass < 2; pass++) {
        const context = new TestContext();
        let size = 0;
        const output = sourceOf(input(5)).source.pipe(operator);
        withContext(context, () =>
          output.subscribe((frame) => {
            size += this.options.size(frame);
            frame.close();
          }),
        );
        await context.clock.run({ limitMs: 600_000 });
        sizes.push(size);
      }
      expect(sizes[1]).toBe(sizes[0]);
    });

    it('keeps the epoch of what it was given', async () => {
      const list = input(4);
      for (const frame of list) frame.epoch = 3;
      const context = new TestContext();
      context.epoch = 3;
      const { seen } = await this.run(sourceOf(list).source, context);
      for (const frame of seen) expect(frame.epoch).toBe(3);
    });

    it('keeps the utterance of what it was given', async () => {
      const list = [...input(5), ...input(5, 5)].map((frame, index) =>
        (frame as unknown as Moved<F>).move({ utterance: index < 5 ? 'first' : 'second' }),
      );
      const { seen } = await this.run(sourceOf(list).source);
      // What an operator adds, silence for example, is part of nothing.
      const kept = seen.flatMap(({ utterance }) => idsOf(utterance));
      const turns = kept.filter((utterance, index) => utterance !== kept[index - 1]);
      expect(turns.slice(0, 2)).toEqual(['first', 'second']);
      expect(kept.length).toBeGreaterThan(seen.length / 2);
    });

    if (mostOnInterruption === undefined) return;
    it('drops what it keeps on an interruption and goes on in the new epoch', async () => {
      const context = new TestContext();
      const subject = new Subject<F>();
      const { seen, subscription } = await this.run(subject, context);
      for (const frame of input(3)) subject.next(frame);
      const before = seen.length;
      context.interrupt();
      expect(context.held).toBe(0);
      await context.clock.settle();
      this.expectAllClosed();
      const emitted = seen.slice(before);
      for (const frame of emitted) expect(frame.epoch).toBe(1);
      expect(this.sizeOf(emitted)).toBeLessThanOrEqual(mostOnInterruption);
      for (const frame of input(3, 3)) {
        frame.epoch = 1;
        subject.next(frame);
      }
      subject.complete();
      await context.clock.run({ limitMs: 600_000 });
      for (const frame of seen.slice(before)) expect(frame.epoch).toBe(1);
      this.expectAllClosed();
      expect(context.held).toBe(0);
      subscription.unsubscribe();
    });
  }
}

/** What frames of both kinds can do. */
interface Moved<F> {
  move(change: { readonly utterance: string }): F;
}

/** A source that counts unsubscriptions and closes frames that nobody takes. */
export function sourceOf<F extends AudioFrame | VideoFrame>(
  list: readonly F[],
  end: 'complete' | 'never' | Error = 'complete',
) {
  const state = { unsubscribed: 0 };
  const source = new Observable<F>((destination) => {
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
