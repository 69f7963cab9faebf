import type { Closable } from './frame.ts';

/** Sees every frame made and closed while installed: the leak counter of the testing kit. */
export interface FrameObserver {
  /** A frame was made. */
  opened(frame: Closable): void;
  /** A frame was closed, for the first time: closing it again is not told. */
  closed(frame: Closable): void;
  /** A node takes the frame over. */
  entered?(frame: Closable, node: string): void;
}

/** At most one observer; `undefined` costs one comparison per frame. */
export const frameObserver: { current: FrameObserver | undefined } = { current: undefined };
