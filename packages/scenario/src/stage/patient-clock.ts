import { VirtualClock } from '@sluice/core/testing';

/** Wall-clock time in which virtual time must move, in milliseconds. */
const LOOK_MS = 500;

/** A virtual clock that can be told to wait no longer for work that was tracked. */
export class PatientClock extends VirtualClock {
  #giveUp!: () => void;
  readonly #givenUp = new Promise<void>((resolve) => {
    this.#giveUp = resolve;
  });

  override track<T>(work: Promise<T>): Promise<T> {
    void super.track(Promise.race([work, this.#givenUp]).catch(() => {}));
    return work;
  }

  /** Tracked work holds it no longer. */
  giveUp(): void {
    this.#giveUp();
  }

  /** Calls back when time has stood still for so long on the wall while work was waited for. Returns how to stop looking. */
  watch(stallMs: number, onStalled: () => void): () => void {
    let at = this.now();
    let stillMs = 0;
    const timer = setInterval(() => {
      stillMs = this.now() === at && this.pending > 0 ? stillMs + LOOK_MS : 0;
      at = this.now();
      if (stillMs >= stallMs) onStalled();
    }, LOOK_MS);
    timer.unref();
    return () => clearInterval(timer);
  }
}
