import { type VideoFrame, withContext } from '@sluice/core';
import type { FrameTracker } from '@sluice/core/testing';
import { Subject, type Subscription } from 'rxjs';
import { expect } from 'vitest';
import { Compositor, type CompositorOptions } from '../src/video/composite/compositor.ts';
import { type PlainPicture, plainPicture, rectanglesOf } from './plain-pictures.ts';
import { TestContext } from './test-context.ts';

/** The size and rate of a wall's pictures unless it is told otherwise. */
export const small = { width: 64, height: 32, frameRate: 25 } as const;

/** A running compositor whose pictures are looked at and closed. */
export class Wall {
  readonly context = new TestContext();
  readonly compositor: Compositor;
  readonly shown: { rectangles: Record<number, string>; at: number; timestamp: number; duration: number }[] = [];
  completed = false;
  error: unknown;
  #look: (frame: VideoFrame) => void = () => {};
  readonly #subscription: Subscription;

  constructor(options: Partial<CompositorOptions> = {}, prepare: (compositor: Compositor) => void = () => {}) {
    this.compositor = new Compositor({ ...small, ...options });
    prepare(this.compositor);
    this.#subscription = withContext(this.context, () =>
      this.compositor.output.subscribe({
        next: (frame) => {
          const { timestamp, duration } = frame;
          const rectangles = frame.format === 'I420' ? rectanglesOf(frame) : {};
          this.shown.push({ rectangles, at: this.context.clock.now(), timestamp, duration });
          this.#look(frame);
          frame.close();
        },
        error: (error: unknown) => {
          this.error = error;
        },
        complete: () => {
          this.completed = true;
        },
      }),
    );
  }

  /** An input that the test pushes pictures into. */
  input(id: string, options: Parameters<Compositor['add']>[1] = {}) {
    const stream = new Subject<VideoFrame>();
    const handle = this.compositor.add(stream, { ...options, id });
    const show = (level: number, picture: PlainPicture = {}) => stream.next(plainPicture(level, picture));
    return { handle, show, end: () => stream.complete(), fail: (error: unknown) => stream.error(error) };
  }

  /** The next picture, as rectangles. */
  async next(look: (frame: VideoFrame) => void = () => {}): Promise<Record<number, string>> {
    this.#look = look;
    await this.context.clock.advance(this.shown.length === 0 ? 0 : 40);
    this.#look = () => {};
    return this.shown.at(-1)!.rectangles;
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }

  expectNothingKept(frames: FrameTracker): void {
    frames.assertNone();
    expect(this.context.listeners).toBe(0);
    expect(this.context.clock.timers).toBe(0);
  }
}
