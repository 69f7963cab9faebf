import { AssertionError } from 'node:assert';
import { checkKeys } from '../check-keys.ts';
import type { Closable } from '../media/frame.ts';
import { type FrameObserver, frameObserver } from '../media/frame-observer.ts';
import { actorContext } from '../operators/actor-context.ts';

/** What {@link trackFrames} remembers of each frame. */
export interface TrackFramesOptions {
  /** Remembers where each frame was made, so that a leak is named with its line. Costs some 5 us a frame. Default false. */
  readonly stacks?: boolean;
}

/** Counts frames that were made and not closed. Ends with `stop()` or `using`. */
export interface FrameTracker extends Disposable {
  /** Frames made since the start. */
  readonly opened: number;
  /** Frames made since the start and not closed yet. */
  readonly open: number;
  /** The most that were open at once. */
  readonly highest: number;
  /** The open frames, oldest first, each with the line that made it if `stacks` is on. */
  list(): readonly OpenFrame[];
  /**
   * Fails if a frame is open.
   *
   * @throws AssertionError with the count, grouped by the line that made them.
   */
  assertNone(): void;
  /** Stops counting and puts a former tracker back. */
  stop(): void;
}

/** A frame that nobody has closed. */
export interface OpenFrame {
  /** The frame itself. */
  readonly frame: Closable;
  /** The node that it went into last; else the node that made it. `detached` outside a graph. */
  readonly node: string;
  /** `at resample (file:///…/resample.ts:41:7)`; undefined without `stacks`. */
  readonly madeAt: string | undefined;
}

/**
 * Watches every frame that the process makes from now on. One tracker is active at a time; a second one takes over until
 * it stops. Frames made before it started are not seen.
 *
 * @example
 * using frames = trackFrames({ stacks: true });
 * await bot.run();
 * frames.assertNone();
 */
export function trackFrames(options: TrackFramesOptions = {}): FrameTracker {
  checkKeys<TrackFramesOptions>('trackFrames', options, { stacks: true });
  const before = frameObserver.current;
  const alive = new Map<Closable, Whereabouts>();
  let opened = 0;
  let highest = 0;
  const observer: FrameObserver = {
    opened: (frame) => {
      opened++;
      alive.set(frame, { node: actorContext().name, madeAt: options.stacks === true ? caller() : undefined });
      if (alive.size > highest) highest = alive.size;
    },
    closed: (frame) => void alive.delete(frame),
    entered: (frame, node) => {
      const whereabouts = alive.get(frame);
      if (whereabouts !== undefined) whereabouts.node = node;
    },
  };
  const stop = () => {
    if (frameObserver.current === observer) frameObserver.current = before;
  };
  frameObserver.current = observer;
  return {
    get opened() {
      return opened;
    },
    get open() {
      return alive.size;
    },
    get highest() {
      return highest;
    },
    list: () => [...alive].map(([frame, whereabouts]) => ({ frame, ...whereabouts })),
    assertNone: () => {
      if (alive.size > 0) throw leak(alive, opened);
    },
    stop,
    [Symbol.dispose]: stop,
  };
}

interface Whereabouts {
  node: string;
  readonly madeAt: string | undefined;
}

/** The first line of the stack outside the frame classes and this file. */
function caller(): string | undefined {
  const lines = new Error().stack?.split('\n') ?? [];
  const own = /track-frames\.|audio-frame\.|video-frame\./;
  return lines.find((line) => line.startsWith('    at ') && !own.test(line))?.trim();
}

function leak(alive: ReadonlyMap<Closable, Whereabouts>, opened: number): AssertionError {
  const places = new Map<string, number>();
  for (const { node, madeAt } of alive.values()) {
    const place = madeAt === undefined ? `in ${node}` : `in ${node}, made ${madeAt}`;
    places.set(place, (places.get(place) ?? 0) + 1);
  }
  const list = [...places].sort((a, b) => b[1] - a[1]).slice(0, 5);
  const [first] = alive.values();
  const hint = first?.madeAt === undefined ? 'Use trackFrames({ stacks: true }) to see where they were made' : '';
  return new AssertionError({
    message: `${alive.size} of ${opened} frames were not closed. ${hint}${list.map(([place, count]) => `\n  ${count} ${place}`).join('')}`,
    actual: alive.size,
    expected: 0,
    operator: 'assertNone',
  });
}
