import { AssertionError } from 'node:assert';
import { type OperatorFunction, Subject, type Subscription } from 'rxjs';
import { checkKeys } from '../check-keys.ts';
import { AudioFrame } from '../media/audio-frame.ts';
import type { Frame } from '../media/frame.ts';
import { withContext } from '../operators/actor-context.ts';
import { micros, samplesToMicros } from '../time/units.ts';
import type { VirtualClock } from '../time/virtual-clock.ts';
import { ActorDouble, type ActorDoubleOptions, actorDoubleKeys } from './actor-double.ts';
import { samplesOf } from './sound/levels.ts';
import { type FrameTracker, trackFrames } from './track-frames.ts';

/** What came out, and when, in milliseconds of the harness's clock. */
export interface Output<B> {
  /** What came out. */
  readonly value: B;
  /** When, on the harness's clock. */
  readonly at: number;
}

/** Formats and conditions of a {@link Harness}. */
export interface HarnessOptions extends ActorDoubleOptions {
  /** Format of what `pushSamples` makes. Default 48,000 Hz mono. */
  readonly sampleRate?: number;
  /** Channels of what `pushSamples` makes. Default 1. */
  readonly channels?: number;
}

/**
 * One operator alone, under a virtual clock and an actor that the test drives. Every frame made from its creation to
 * `close()` is counted.
 *
 * @example
 * const h = harness(delay({ ms: 20 }));
 * h.pushSamples(testTone({ sampleRate: 48_000, frequency: 441, durationMs: 20 }));
 * await h.advance(20);
 * expect(h.outputs[0]?.at).toBe(20);
 * h.complete();
 * h.close();
 */
export function harness<A extends Frame, B>(
  operator: OperatorFunction<A, B>,
  options: HarnessOptions = {},
): Harness<A, B> {
  return new Harness(operator, options);
}

/** Drives one operator by hand: push frames, advance the virtual clock, look at what came out. */
export class Harness<A extends Frame, B> implements Disposable {
  readonly actor: ActorDouble;
  /** What came out, oldest first. The harness owns these frames and closes them in `close()`. */
  readonly outputs: Output<B>[] = [];
  /** Frames open since the harness was made, outputs included. */
  readonly frames: FrameTracker;
  readonly #input = new Subject<A>();
  readonly #subscription: Subscription;
  readonly #sampleRate: number;
  readonly #channels: number;
  #index = 0;
  #status: 'open' | 'completed' | 'failed' = 'open';
  #error: unknown;

  constructor(operator: OperatorFunction<A, B>, options: HarnessOptions) {
    checkKeys<HarnessOptions>('harness', options, { ...actorDoubleKeys, sampleRate: true, channels: true });
    const { sampleRate = 48_000, channels = 1, ...double } = options;
    this.actor = new ActorDouble(double);
    this.frames = trackFrames({ stacks: true });
    this.#sampleRate = sampleRate;
    this.#channels = channels;
    this.#subscription = withContext(this.actor, () =>
      operator(this.#input).subscribe({
        next: (value) => void this.outputs.push({ value, at: this.clock.now() }),
        error: (error: unknown) => {
          this.#status = 'failed';
          this.#error = error;
        },
        complete: () => {
          this.#status = 'completed';
        },
      }),
    );
  }

  get clock(): VirtualClock {
    return this.actor.clock;
  }

  /** `open` until the operator completed or failed. */
  get status(): 'open' | 'completed' | 'failed' {
    return this.#status;
  }

  /** What the operator failed with. */
  get error(): unknown {
    return this.#error;
  }

  /** The values that came out. */
  get values(): readonly B[] {
    return this.outputs.map((output) => output.value);
  }

  /** Whether the operator still listens to its input. */
  get subscribed(): boolean {
    return this.#input.observed;
  }

  /** Gives the operator a frame, or several. It owns them from here on; without a subscription they are closed. */
  push(...frames: readonly A[]): void {
    for (const frame of frames) {
      if (this.#input.observed) this.#input.next(frame);
      else frame.close?.();
    }
  }

  /**
   * Gives the operator an audio frame of the harness's format, which continues the one before (media time from the
   * sample count), in the present epoch. Only for operators that take audio.
   */
  pushSamples(samples: Int16Array, init: { readonly timestamp?: number } = {}): void {
    const timestamp = init.timestamp ?? samplesToMicros(this.#index, this.#sampleRate);
    this.#index += samples.length / this.#channels;
    const frame = new AudioFrame({
      samples,
      sampleRate: this.#sampleRate,
      channels: this.#channels,
      timestamp: micros(timestamp),
      epoch: this.actor.epoch,
    });
    // The caller chose an audio operator: the type parameter cannot say so here.
    this.push(frame as Frame as A);
  }

  /** The audio that came out, one channel of it, joined in order. */
  samples(channel = 0): Int16Array {
    return samplesOf(
      this.values.filter((value): value is B & AudioFrame => value instanceof AudioFrame),
      channel,
    );
  }

  /** Ends the input. */
  complete(): void {
    this.#input.complete();
  }

  /** Fails the input. */
  fail(error: unknown): void {
    this.#input.error(error);
  }

  /** The receiver goes away. */
  unsubscribe(): void {
    this.#subscription.unsubscribe();
  }

  /** Moves time on by `ms`. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  /** Lets promises settle without moving time. */
  settle(): Promise<void> {
    return this.clock.settle();
  }

  /**
   * Unsubscribes, closes the outputs, and fails unless the operator has let go of everything: its input, each frame,
   * each hold, listener and timer.
   *
   * @throws AssertionError naming what is left.
   */
  close(): void {
    this.#subscription.unsubscribe();
    for (const { value } of this.outputs) (value as { close?: () => void }).close?.();
    this.frames.stop();
    if (this.#input.observed) throw new AssertionError({ message: 'the operator still listens to its input' });
    this.frames.assertNone();
    this.actor.assertIdle();
  }

  /** Cleans up without judging: for `using` in a test that has failed already. */
  [Symbol.dispose](): void {
    this.#subscription.unsubscribe();
    this.frames.stop();
  }
}
