import assert from 'node:assert/strict';
import { Subject, take } from 'rxjs';
import type { AudioFrame } from '../../media/audio-frame.ts';
import { idsOf } from '../../media/frame.ts';
import { withContext } from '../../operators/actor-context.ts';
import { ActorDouble } from '../actor-double.ts';
import { blockingCheck } from './blocking-check.ts';
import { type Check, check, unless } from './check.ts';
import { type MakeOperator, type MediaFrame, OperatorTrial, sourceOf } from './operator-trial.ts';

export interface OperatorSubject<F> {
  /** Consecutive frames of a stream, made anew. */
  readonly input: (count: number, first?: number) => F[];
  /** How much of the media a frame is: samples of audio, 1 for a picture. */
  readonly size: (frame: F) => number;
  /** The most that may leave on an interruption, a fade for example; undefined if nothing is dropped by one. */
  readonly mostOnInterruption: number | undefined;
  /** Makes it with callbacks in its options that throw this error. */
  readonly throwing: ((error: Error) => ReturnType<MakeOperator<F>>) | undefined;
  /** What is large enough to judge whether the event loop is held up: 20 ms of audio, 640x360. */
  readonly load: (index: number) => F;
}

/** The checks that are the same whatever flows. */
export function operatorChecks<F extends MediaFrame>(subject: OperatorSubject<F>): readonly Check<MakeOperator<F>>[] {
  const { input, size, mostOnInterruption, load } = subject;
  const sizeOf = (list: readonly F[]) => list.reduce((sum, frame) => sum + size(frame), 0);
  const trying = (run: (trial: OperatorTrial<F>) => Promise<void>) => async (make: MakeOperator<F>) => {
    using trial = new OperatorTrial(make);
    await run(trial);
  };

  return [
    check(
      'passes a source error on and closes what it keeps',
      trying(async (trial) => {
        const failure = new Error('the source broke');
        const { error, completed, actor } = await trial.run(sourceOf(input(7), failure).source);
        assert.equal(error, failure);
        assert.equal(completed, false);
        trial.assertNothingKept(actor);
      }),
    ),
    check(
      'unsubscribes its source when it is unsubscribed, and closes what it keeps',
      trying(async (trial) => {
        const subject = new Subject<F>();
        const { subscription, actor } = await trial.run(subject);
        assert.ok(subject.observed, 'it did not subscribe to its source');
        for (const frame of input(3)) subject.next(frame);
        subscription.unsubscribe();
        assert.ok(!subject.observed, 'it still listens to its source');
        await actor.clock.settle();
        trial.assertNothingKept(actor);
      }),
    ),
    check(
      'stops a source that emits while it is subscribed to, when one frame was enough',
      trying(async (trial) => {
        const actor = new ActorDouble();
        const { source, state } = sourceOf(input(40), 'never');
        const output = source.pipe(trial.make(), take(1));
        withContext(actor, () => output.subscribe({ next: (frame) => frame.close(), error: () => {} }));
        await actor.clock.run({ limitMs: 10_000 });
        assert.equal(state.unsubscribed, 1, 'it still listens to its source');
        trial.assertNothingKept(actor);
      }),
    ),
    check(
      'serves several subscriptions, each with a state of its own',
      trying(async (trial) => {
        const operator = trial.make();
        const one = new OperatorTrial<F>(() => operator);
        const sizes = [];
        for (let pass = 0; pass < 2; pass++) sizes.push(sizeOf((await one.run(sourceOf(input(5)).source)).seen));
        one[Symbol.dispose]();
        assert.equal(sizes[1], sizes[0]);
      }),
    ),
    check(
      'keeps the epoch of what it was given',
      trying(async (trial) => {
        const actor = new ActorDouble();
        for (let epoch = 0; epoch < 3; epoch++) actor.interrupt();
        const list = input(4);
        for (const frame of list) frame.epoch = 3;
        const { seen } = await trial.run(sourceOf(list).source, actor);
        for (const frame of seen) assert.equal(frame.epoch, 3);
      }),
    ),
    check(
      'keeps the utterance of what it was given',
      trying(async (trial) => {
        const named = [...input(5), ...input(5, 5)].map(
          // Both kinds of frames can be moved, each to its own kind.
          (frame, index) => (frame as AudioFrame).move({ utterance: index < 5 ? 'first' : 'second' }) as F,
        );
        const { seen } = await trial.run(sourceOf(named).source);
        // What an operator adds, silence for example, is part of nothing.
        const kept = seen.flatMap(({ utterance }) => idsOf(utterance));
        const turns = kept.filter((utterance, index) => utterance !== kept[index - 1]);
        assert.deepEqual(turns.slice(0, 2), ['first', 'second'], 'the ids of utterances are lost or out of order');
        assert.ok(kept.length > seen.length / 2, `${kept.length} of ${seen.length} frames kept their utterance`);
      }),
    ),
    check(
      'drops what it keeps on an interruption and goes on in the new epoch',
      trying(async (trial) => {
        const subject = new Subject<F>();
        const { seen, subscription, actor } = await trial.run(subject);
        for (const frame of input(3)) subject.next(frame);
        const before = seen.length;
        actor.interrupt();
        assert.equal(actor.held, 0, 'it still holds frames of the interrupted epoch');
        await actor.clock.settle();
        trial.assertAllClosed();
        const emitted = seen.slice(before);
        for (const frame of emitted) assert.equal(frame.epoch, 1);
        assert.ok(sizeOf(emitted) <= mostOnInterruption!, `${sizeOf(emitted)} left on the interruption`);
        for (const frame of input(3, 3)) {
          frame.epoch = 1;
          subject.next(frame);
        }
        subject.complete();
        await actor.clock.run({ limitMs: 600_000 });
        for (const frame of seen.slice(before)) assert.equal(frame.epoch, 1);
        trial.assertAllClosed();
        assert.equal(actor.held, 0);
        subscription.unsubscribe();
      }),
      unless(mostOnInterruption !== undefined, 'it drops nothing on an interruption'),
    ),
    blockingCheck((make) => {
      const subject = new Subject<F>();
      const output = subject.pipe(make());
      const actor = new ActorDouble();
      const subscription = withContext(actor, () =>
        output.subscribe({ next: (frame) => frame.close(), error: () => {} }),
      );
      return {
        prepare: (index) => {
          const frame = load(index);
          return () => subject.next(frame);
        },
        settle: () => actor.clock.advance(100),
        close: () => subscription.unsubscribe(),
      };
    }),
  ];
}
