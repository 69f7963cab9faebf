// What flows: frames of sound and pictures, their formats and constraints, gaps, and the memory of pictures. No
// stream, and no arithmetic on samples or pixels.

import type { Micros } from '../time/units.ts';
import type { Gap } from './gap.ts';

export interface Closable {
  close(): void;
}

/**
 * What a frame is part of: an id that whoever made it chose, of a sentence for example. Mixed media carries the ids of
 * all that is in it, as a list.
 */
export type Utterance = string | readonly string[];

/**
 * What every item that flows through a graph has. `AudioFrame` is one; text, transcripts and frames of your own have
 * their own `kind`. `duration` lets a link count its capacity in media time; items without one count as 0, pictures as a
 * thirtieth of a second.
 */
export interface Frame {
  /** Tells kinds of frames apart: `audio`, `video`, or one of your own. */
  readonly kind: string;
  /** Media time of its first sample or of the picture, in microseconds, counted from the beginning of the stream. */
  readonly timestamp: Micros;
  /** Media time that it covers, in microseconds. */
  readonly duration?: Micros;
  /** How many interruptions its graph had seen when it was made; older ones are void. */
  epoch?: number;
  /** Media that is missing right before it. */
  gap?: Gap | undefined;
  /** What it is part of. */
  readonly utterance?: Utterance | undefined;
  /** Gives back what it holds. Whoever receives a frame forwards or closes it, once. */
  close?(): void;
  /** One more handle for one more receiver. Without it, receivers of a branch get the same object. */
  clone?(): Frame;
}

/** Closes a frame that is dropped, whatever its kind. */
export function closeFrame(frame: Frame): void {
  frame.close?.();
}

/** The frame for one more receiver, who closes it for itself; one without a `clone()` is plain data and is shared. */
export function cloneFrame<F extends Frame>(frame: F): F {
  return frame.clone === undefined ? frame : (frame.clone() as F);
}

/** The ids that a frame carries: none, one, or those of all that was mixed. */
export function idsOf(utterance: Utterance | undefined): readonly string[] {
  if (utterance === undefined) return none;
  return typeof utterance === 'string' ? [utterance] : utterance;
}

const none: readonly string[] = [];
