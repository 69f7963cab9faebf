import { type ActorContext, type Cancel, type VideoFrame, videoFramePool } from '@sluice/core';
import type { Subscriber } from 'rxjs';
import type { RasterSize } from '../picture/raster.ts';
import { type CheckedContent, checkContent, type OverlayContent, sameContent } from './content.ts';
import { checkPlace, type OverlayPlace, placeOn } from './place.ts';
import { StampLoader } from './stamp-loader.ts';

/** Frames that wait for the first content, or for each if that is asked for. */
export const MOST_HELD = 8;

/** What was asked for last. */
export interface OverlayState {
  readonly content: CheckedContent | null | ((mediaSeconds: number) => OverlayContent | null);
  readonly place: OverlayPlace;
}

export interface PainterOptions {
  readonly size: RasterSize;
  readonly margin: number;
  readonly at: ((mediaSeconds: number) => OverlayPlace | undefined) | undefined;
  readonly exact: boolean;
}

interface Waiting {
  readonly frame: VideoFrame;
  readonly release: () => void;
  /** Whether it was asked what is shown at its time. */
  asked: boolean;
}

/** One subscription of an overlay: lays what is shown on each frame and holds frames back where they must wait. */
export class OverlayPainter {
  readonly #destination: Subscriber<VideoFrame>;
  readonly #context: ActorContext;
  readonly #options: PainterOptions;
  readonly #state: () => OverlayState;
  readonly #loader: StampLoader;
  readonly #stopInterrupt: Cancel;
  readonly #queue: Waiting[] = [];
  /** What the content function said last. */
  #shown: OverlayContent | null | undefined;
  #ended = false;
  #draining = false;

  constructor(
    destination: Subscriber<VideoFrame>,
    context: ActorContext,
    options: PainterOptions,
    state: () => OverlayState,
  ) {
    this.#destination = destination;
    this.#context = context;
    this.#options = options;
    this.#state = state;
    const report = (error: unknown) => context.report(error);
    this.#loader = new StampLoader(options.size, context.clock, (error) => this.#drawn(error), report);
    this.#stopInterrupt = context.onInterrupt((interruption) => {
      for (const { frame } of this.#queue) interruption.dropped(frame.duration);
      this.#clear();
      if (this.#ended) destination.complete();
    });
  }

  take(frame: VideoFrame): void {
    this.#queue.push({ frame, release: this.#context.hold(), asked: false });
    this.#drain();
  }

  /** Completes the destination when what waits has left. */
  end(): void {
    this.#ended = true;
    this.#drain();
  }

  /** Another content is wanted. */
  changed(): void {
    const { content } = this.#state();
    this.#shown = undefined;
    if (typeof content !== 'function') this.#loader.show(content);
  }

  close(): void {
    this.#stopInterrupt();
    this.#loader.close();
    this.#clear();
  }

  #drawn(error: unknown): void {
    if (error !== undefined && this.#loader.stamp === undefined && !this.#loader.busy) this.#destination.error(error);
    else if (error !== undefined) this.#context.report(error);
    this.#drain();
  }

  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
        if (!head.asked) this.#ask(head.frame);
        head.asked = true;
        if (this.#mustWait && this.#queue.length <= MOST_HELD) break;
        this.#queue.shift();
        this.#pass(head);
      }
    } catch (error) {
      this.#destination.error(error);
    }
    this.#draining = false;
    if (this.#ended && this.#queue.length === 0) this.#destination.complete();
  }

  get #mustWait(): boolean {
    return this.#loader.busy && (this.#options.exact || this.#loader.stamp === undefined);
  }

  /** Asks what is shown at that time. */
  #ask({ timestamp }: VideoFrame): void {
    const { content } = this.#state();
    if (typeof content !== 'function') return;
    const next = content(timestamp / 1e6);
    if (this.#shown !== undefined && sameContent(this.#shown, next)) return;
    this.#loader.show(next === null ? null : checkContent('overlay.content', next));
    this.#shown = next;
  }

  #pass({ frame, release }: Waiting): void {
    let laid = frame;
    try {
      laid = this.#lay(frame);
    } catch (error) {
      frame.close();
      release();
      throw error;
    }
    this.#destination.next(laid);
    release();
  }

  /** The frame with what is shown laid over it. Takes the frame over, unless it throws. */
  #lay(frame: VideoFrame): VideoFrame {
    const { stamp } = this.#loader;
    if (stamp === undefined || stamp === null) return frame;
    const { at, margin } = this.#options;
    const { place } = this.#state();
    const moved = at?.(frame.timestamp / 1e6) ?? {};
    if (at !== undefined) checkPlace('overlay.at()', moved);
    const { x = place.x, y = place.y, opacity = place.opacity ?? 1, visible = place.visible ?? true } = moved;
    const [left, top] = placeOn(frame, stamp, { x, y }, margin);
    const level = Math.round(opacity * 255);
    if (!visible || level === 0 || !stamp.covers(frame, left, top)) return frame;
    const drawn = frame.writable(videoFramePool);
    stamp.draw(drawn, left, top, level);
    return drawn;
  }

  #clear(): void {
    for (const { frame, release } of this.#queue.splice(0)) {
      frame.close();
      release();
    }
  }
}
