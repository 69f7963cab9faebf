import type { Cancel } from '../time/clock.ts';
import type { ActorContext } from './actor-context.ts';

/** A frame that is later than this after the one before it has been played is late for everybody, in milliseconds. */
const GRACE_MS = 20;
/** Short frames come in bunches: how long to wait at least, in milliseconds. */
const SHORTEST_WAIT_MS = 40;
/** A timer that is later than this follows a stall of the event loop: what came meanwhile is let in first. */
const LATE_TIMER_MS = 5;
/** Every how many frames a stream that was not live is asked again. */
const ASK_EVERY = 64;

/**
 * Notices that a live stream pauses, for whoever holds a part of it back and would otherwise give it away only with what
 * comes next. A stream that is read as fast as it is taken has no pauses, one that is held back by its receivers has none
 * either, and an event loop that stood still is no pause. Costs one timer for each stretch of some frames, none per frame.
 */
export class PauseWatch {
  readonly #stream: Pick<ActorContext, 'clock' | 'paced' | 'hasRoom'>;
  readonly #onPause: () => void;
  #live = false;
  #untilAsked = 0;
  /** Clock time at which the next frame must have come, and that for which the timer is set. */
  #deadline = 0;
  #timer = 0;
  #forgiven = false;
  #cancel: Cancel | undefined;

  /** @param onPause called once for each pause, one or two frames after its beginning */
  constructor(stream: Pick<ActorContext, 'clock' | 'paced' | 'hasRoom'>, onPause: () => void) {
    this.#stream = stream;
    this.#onPause = onPause;
  }

  /** A frame with so many milliseconds of media has come. */
  came(durationMs: number): void {
    if (!this.#live && !this.#isLive()) return;
    this.#deadline = this.#stream.clock.now() + Math.max(SHORTEST_WAIT_MS, durationMs + GRACE_MS);
    if (this.#cancel === undefined) this.#arm();
  }

  /** Nothing is held back any more; the next frame begins anew. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#forgiven = false;
  }

  #isLive(): boolean {
    if (this.#untilAsked-- > 0) return false;
    this.#untilAsked = ASK_EVERY;
    this.#live = this.#stream.paced;
    return this.#live;
  }

  #arm(): void {
    this.#timer = this.#deadline;
    this.#cancel = this.#stream.clock.at(this.#timer, this.#look);
  }

  readonly #look = (): void => {
    this.#cancel = undefined;
    const now = this.#stream.clock.now();
    if (now < this.#deadline) {
      this.#forgiven = false;
      return this.#arm();
    }
    if (!this.#stream.paced) {
      this.#live = false;
      return;
    }
    const stalled = now - this.#timer > LATE_TIMER_MS && !this.#forgiven;
    if (stalled || !this.#stream.hasRoom) {
      this.#forgiven = stalled;
      this.#deadline = now + GRACE_MS;
      return this.#arm();
    }
    this.#forgiven = false;
    this.#onPause();
  };
}
