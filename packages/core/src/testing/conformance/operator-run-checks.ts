import assert from 'node:assert/strict';
import { Subject } from 'rxjs';
import { withContext } from '../../operators/actor-context.ts';
import { ActorDouble } from '../actor-double.ts';
import { type Check, check, unless } from './check.ts';
import type { OperatorSubject } from './operator-checks.ts';
import { type MakeOperator, type MediaFrame, OperatorTrial, sourceOf } from './operator-trial.ts';
import { realTurn } from './real-turn.ts';

/** Within which an operator has to complete after its source: a graph's own `deadlines.drainMs`, in milliseconds. */
const DEADLINE_MS = 10_000;
/** Real time that is looked at after each frame, in turns of a millisecond or more. */
const TURNS = 10;

/** How an operator does over a longer run: bursts, pauses, interruptions, faults, time. Whatever flows. */
export function operatorRunChecks<F extends MediaFrame>(
  subject: OperatorSubject<F>,
): readonly Check<MakeOperator<F>>[] {
  const { input, throwing } = subject;
  const running = (run: (stream: RunningStream<F>) => Promise<void>) => async (make: MakeOperator<F>) => {
    using stream = new RunningStream(make, input);
    await run(stream);
  };
  /** It emits as before, if it has emitted before. */
  const goesOn = (between: (stream: RunningStream<F>) => void | Promise<void>) =>
    running(async (stream) => {
      await stream.feed(5);
      const before = stream.seen;
      await between(stream);
      const meanwhile = stream.seen;
      await stream.feed(5);
      await stream.complete();
      if (before > 0) assert.ok(stream.seen > meanwhile, 'nothing left any more');
    });

  return [
    check(
      'completes within the deadline',
      running(async (stream) => {
        await stream.feed(7);
        await stream.complete();
        assert.ok(stream.completed, `it is not done ${DEADLINE_MS} ms after its source`);
      }),
    ),
    check(
      'takes a burst',
      running(async (stream) => {
        // A second of media: what keeps a time of its own may say no to more.
        for (let micros = 0; micros < 1_000_000; ) micros += await stream.feed(1, 0);
        await stream.complete();
      }),
    ),
    check(
      'goes on after a pause of its source',
      goesOn(({ actor }) => actor.clock.advance(9_000)),
    ),
    check(
      'keeps no more the longer it runs',
      running(async (stream) => {
        await stream.feed(60);
        const { open, actor } = stream;
        const { timers } = actor.clock;
        await stream.feed(120);
        assert.ok(stream.open <= open + 10, `it keeps ${open} frames after 60, and ${stream.open} after 180`);
        assert.ok(actor.clock.timers <= timers + 10, `${actor.clock.timers} timers run after 180 frames`);
      }),
    ),
    check(
      'goes on after interruptions in a row',
      goesOn((stream) => {
        for (let time = 0; time < 4; time++) stream.interrupt();
      }),
    ),
    check(
      'goes on after an interruption before its first frame',
      running(async (stream) => {
        using other = new RunningStream(stream.make, input);
        other.interrupt();
        for (const one of [stream, other]) {
          await one.feed(6);
          await one.complete();
        }
        if (stream.seen > 0) assert.ok(other.seen > 0, 'nothing leaves any more');
      }),
    ),
    check(
      'can be unsubscribed in the middle of a callback, and twice',
      running(async (stream) => {
        stream.look = () => stream.subscription.unsubscribe();
        await stream.feed(6);
        stream.subscription.unsubscribe();
        stream.subscription.unsubscribe();
        await stream.actor.clock.settle();
        assert.ok(!stream.source.observed, 'it still listens to its source');
        stream.trial.assertNothingKept(stream.actor);
      }),
    ),
    check(
      'passes what a callback throws to its stream',
      async () => {
        const failure = new Error('thrown by a callback');
        using trial = new OperatorTrial<F>(() => throwing!(failure));
        const { error, actor } = await trial.run(sourceOf(input(7)).source);
        const causes: unknown[] = [];
        for (let cause = error; cause instanceof Error; cause = cause.cause) causes.push(cause);
        assert.ok(
          causes.includes(failure) || actor.reports.includes(failure),
          `what the callback threw came to nobody: ${error ?? 'no error'}`,
        );
      },
      unless(throwing !== undefined, 'profile.throwing names no callback'),
    ),
    check(
      'takes no control message that is none of its own',
      running(async (stream) => {
        await stream.feed(1);
        assert.equal(stream.actor.control({ type: 'sluice-conformance' }), false, 'it took a message of nobody');
      }),
    ),
    check(
      'takes its time from the clock, and hands what is no timer to clock.track',
      running(async (stream) => {
        for (let index = 0; index < 3; index++) {
          await stream.feed(1, 0);
          await stream.actor.clock.settle();
          const before = stream.progress;
          for (let turn = 0; turn < TURNS; turn++) await realTurn();
          assert.deepEqual(stream.progress, before, 'it went on while the clock stood still');
          await stream.actor.clock.advance(20);
        }
      }),
    ),
  ];
}

/** An operator that is subscribed to and fed frame by frame, in virtual time. What leaves is closed. */
class RunningStream<F extends MediaFrame> implements Disposable {
  readonly make: MakeOperator<F>;
  readonly trial: OperatorTrial<F>;
  readonly actor = new ActorDouble();
  readonly source = new Subject<F>();
  readonly subscription;
  /** Frames that left. */
  seen = 0;
  completed = false;
  /** Called with each frame that leaves. */
  look: () => void = () => {};
  readonly #input: (count: number, first?: number) => F[];
  #fed = 0;
  #error: unknown;

  constructor(make: MakeOperator<F>, input: (count: number, first?: number) => F[]) {
    this.make = make;
    this.#input = input;
    this.trial = new OperatorTrial(make);
    const next = (frame: F) => {
      this.seen++;
      frame.close();
      this.look();
    };
    const error = (reason: unknown) => {
      this.#error = reason;
    };
    const complete = () => {
      this.completed = true;
    };
    this.subscription = withContext(this.actor, () => this.source.pipe(make()).subscribe({ next, error, complete }));
  }

  get open(): number {
    return this.trial.open;
  }

  get progress() {
    const { held, clock } = this.actor;
    return { seen: this.seen, completed: this.completed, held, timers: clock.timers };
  }

  /** Gives it frames in their own time, or with `stepMs` between them; returns their duration in microseconds. */
  async feed(count: number, stepMs?: number): Promise<number> {
    let micros = 0;
    for (let index = 0; index < count; index++) {
      const frame = this.#input(1, this.#fed++)[0]!;
      const { duration } = frame;
      micros += duration;
      frame.epoch = this.actor.epoch;
      if (this.source.observed) this.source.next(frame);
      else frame.close();
      await this.actor.clock.advance(stepMs ?? duration / 1_000);
    }
    assert.equal(this.#error, undefined, `the stream failed: ${this.#error}`);
    return micros;
  }

  interrupt(): void {
    this.actor.interrupt();
  }

  /** Ends the source and gives it the time to end. */
  async complete(): Promise<void> {
    this.source.complete();
    await this.actor.clock.advance(DEADLINE_MS);
    assert.equal(this.#error, undefined, `the stream failed: ${this.#error}`);
  }

  [Symbol.dispose](): void {
    this.subscription.unsubscribe();
    this.trial[Symbol.dispose]();
  }
}
