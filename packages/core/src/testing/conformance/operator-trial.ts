import assert from 'node:assert/strict';
import { Observable, type OperatorFunction, type Subscription } from 'rxjs';
import type { AudioFrame } from '../../media/audio-frame.ts';
import type { VideoFrame } from '../../media/video-frame.ts';
import { videoFramePool } from '../../media/video-frame-pool.ts';
import { withContext } from '../../operators/actor-context.ts';
import { ActorDouble } from '../actor-double.ts';
import { type FrameTracker, trackFrames } from '../track-frames.ts';

export type MediaFrame = AudioFrame | VideoFrame;

/** Makes the operator anew for each try. */
export type MakeOperator<F> = () => OperatorFunction<F, F>;

/** Virtual time that a run may take, in milliseconds. */
const LONGEST_MS = 600_000;

export interface TrialRun<F> {
  readonly seen: readonly F[];
  readonly completed: boolean;
  readonly error: unknown;
  readonly actor: ActorDouble;
  readonly subscription: Subscription;
}

/** Runs an operator over frames in virtual time and watches over what has to be given back. */
export class OperatorTrial<F extends MediaFrame> implements Disposable {
  readonly make: MakeOperator<F>;
  readonly #frames: FrameTracker;
  readonly #buffers = videoFramePool.stats.openBuffers;

  constructor(make: MakeOperator<F>) {
    this.make = make;
    this.#frames = trackFrames({ stacks: true });
  }

  /** Runs the operator over a source and closes what comes out, after `look` saw it. */
  async run(
    source: Observable<F>,
    actor = new ActorDouble(),
    look: (frame: F) => void = () => {},
  ): Promise<TrialRun<F>> {
    const seen: F[] = [];
    const result = { completed: false, error: undefined as unknown };
    const output = source.pipe(this.make());
    const subscription = withContext(actor, () =>
      output.subscribe({
        next: (frame) => {
          seen.push(frame);
          try {
            look(frame);
          } finally {
            frame.close();
          }
        },
        error: (error: unknown) => {
          result.error = error;
        },
        complete: () => {
          result.completed = true;
        },
      }),
    );
    await actor.clock.run({ limitMs: LONGEST_MS });
    return { ...result, seen, actor, subscription };
  }

  /** Runs it to the end, which must come in order. */
  async finish(source: Observable<F>, actor?: ActorDouble, look?: (frame: F) => void): Promise<TrialRun<F>> {
    const run = await this.run(source, actor, look);
    assert.equal(run.error, undefined, `the stream failed: ${run.error}`);
    assert.ok(run.completed, 'the stream did not complete');
    return run;
  }

  /** Every frame is closed, every buffer is back, nobody waits or listens any more. */
  assertNothingKept(actor: ActorDouble): void {
    this.assertAllClosed();
    actor.assertIdle();
  }

  /** Frames that are open. */
  get open(): number {
    return this.#frames.open;
  }

  assertAllClosed(): void {
    this.#frames.assertNone();
    // Fewer than before are those of others, which came back meanwhile.
    const kept = videoFramePool.stats.openBuffers - this.#buffers;
    assert.ok(kept <= 0, `${kept} buffers did not come back to the pool`);
  }

  [Symbol.dispose](): void {
    this.#frames.stop();
  }
}

/** A source that counts unsubscriptions and closes frames that nobody takes. */
export function sourceOf<F extends MediaFrame>(list: readonly F[], end: 'complete' | 'never' | Error = 'complete') {
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
