import { detachedName, frameMaker } from '../media/frame-maker.ts';
import { invalidSamples } from '../media/invalid-samples.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import { realClock } from '../time/real-clock.ts';

/** What an interruption asks of whoever keeps frames. */
export interface Interruption {
  /** Items made in an epoch before this one are void. */
  readonly epoch: number;
  /** Length of the fade that replaces a click, in milliseconds. */
  readonly fadeMs: number;
  /** Counts media that was dropped because of the interruption, for the receipt. In microseconds. */
  dropped(duration: number): void;
  /** Counts media of the interrupted stretch that was already played when it was cut. In microseconds. */
  heard(duration: number): void;
  /** Work that belongs to the interruption, a device buffer that is being cleared for example; the receipt waits for it. */
  wait(work: Promise<unknown>): void;
}

/** What is on its way to an actor. */
export interface Waiting {
  /** Media on the links, in microseconds: on the longest of the ways that come together. */
  readonly micros: number;
  /** Frames on the links and in operators that said so (`hold`), on all ways. */
  readonly frames: number;
}

/**
 * What an operator, source or sink may know about the actor it runs in. Capture it once, when you are subscribed to
 * (`const context = actorContext()`); it is not there later. Outside a graph every member is harmless: the clock is
 * the real one, `hold()` does nothing, there is always room.
 */
export interface ActorContext {
  /** The actor's name, for messages. */
  readonly name: string;
  /** The time that the actor runs by: the graph's. Timers of anything else are not seen by a replay or a test. */
  readonly clock: Clock;
  /** Numbers from 0 to 1, below 1: the graph's, so that whatever is left to chance is the same in a replay. */
  readonly random: () => number;
  /** The epoch that new frames belong to; frames with a smaller one are void. */
  readonly epoch: number;
  /** Aborts when the actor stops or is aborted. */
  readonly signal: AbortSignal;
  /**
   * Says that the chain keeps a frame for later. While as many frames are held as the actor's limit, the actor takes no
   * further frame. Call the returned function exactly once, when the frame was emitted or dropped. It is the same
   * function every time, so holding costs no allocation.
   */
  hold(): () => void;
  /** For sources: whether everything downstream has room for one more frame. */
  readonly hasRoom: boolean;
  /** For sources: calls back once as soon as there is room (at once if there is). */
  whenRoom(callback: () => void): Cancel;
  /**
   * For sinks that show media in its time: whether it comes in its own time, because a live source is among those before
   * this actor or nobody who could be held back. If not, it comes as fast as it is taken, and the sink keeps the time.
   */
  readonly paced: boolean;
  /**
   * For sinks: what waits before this actor, on links and in operators. Looks at everything there: not for each frame.
   */
  waiting(): Waiting;
  /** Called synchronously on each interruption that concerns this actor. */
  onInterrupt(listener: (interruption: Interruption) => void): Cancel;
  /** Control messages sent with `node.send(...)`. Return true if the message was meant for you. */
  onControl(listener: (message: ControlMessage) => boolean): Cancel;
  /**
   * Delays the end: a sink that still plays or writes says so, and `run()` resolves only when all have released. The
   * label names the culprit at a deadline.
   */
  keepAlive(label: string): () => void;
  /** Reports a fault that does not end the stream. It is counted and shows in the problems list. */
  report(error: unknown): void;
  /**
   * Counts samples that came as NaN or infinite and were made silence, as `floatToInt16` does by itself in what runs while a frame
   * is handled. The first of them are reported (`SLUICE_SAMPLES_INVALID`), the others only counted.
   */
  countInvalid(samples: number): void;
}

/** A message to a running node. `type` says which; the rest belongs to the node. */
export interface ControlMessage {
  /** Which message it is, in lower case with hyphens: `set-gain`. */
  readonly type: string;
  readonly [key: string]: unknown;
}

const nothing = () => {};

/** Nothing is on its way. */
export const nothingWaits: Waiting = { micros: 0, frames: 0 };

const neverAborted = new AbortController().signal;

/** The context outside a graph, with the given clock. */
export function detachedContext(clock: Clock = realClock): ActorContext {
  return {
    name: detachedName,
    clock,
    random: Math.random,
    epoch: 0,
    signal: neverAborted,
    hold: () => nothing,
    hasRoom: true,
    paced: true,
    waiting: () => nothingWaits,
    whenRoom: (callback) => {
      callback();
      return nothing;
    },
    onInterrupt: () => nothing,
    onControl: () => nothing,
    keepAlive: () => nothing,
    report: nothing,
    countInvalid: nothing,
  };
}

const outside = detachedContext();
let current: ActorContext = outside;

frameMaker.name = () => current.name;
invalidSamples.found = (count) => current.countInvalid(count);

/** The context of the actor whose chain is being subscribed right now. */
export function actorContext(): ActorContext {
  return current;
}

/** True where nobody has made an actor's context the ambient one. */
export function outsideGraph(): boolean {
  return current === outside;
}

/** Runs `body` with `context` as the ambient one. Synchronous: what runs later must have captured the context. */
export function withContext<T>(context: ActorContext, body: () => T): T {
  const before = current;
  current = context;
  try {
    return body();
  } finally {
    current = before;
  }
}

/**
 * Makes `context` the ambient one and returns the former. For the runtime's hot path, where a closure per frame would
 * cost more than the frame; everybody else uses `withContext`.
 */
export function swapContext(context: ActorContext): ActorContext {
  const before = current;
  current = context;
  return before;
}
