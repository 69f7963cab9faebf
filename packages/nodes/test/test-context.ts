import { type ActorContext, type ControlMessage, detachedContext, type Interruption } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';

/** An actor's context for tests: virtual time, counted holds, and the actor's levers in the test's hand. */
export class TestContext implements ActorContext {
  readonly name = 'test';
  readonly clock = new VirtualClock();
  readonly random = () => 0.5;
  readonly signal = detachedContext().signal;
  readonly paced = true;
  epoch = 0;
  held = 0;
  mostHeld = 0;
  droppedMicros = 0;
  readonly reports: unknown[] = [];
  #room = true;
  readonly #waiting: (() => void)[] = [];
  readonly #interruptListeners = new Set<(interruption: Interruption) => void>();
  readonly #controlListeners = new Set<(message: ControlMessage) => boolean>();

  hold(): () => void {
    this.held++;
    this.mostHeld = Math.max(this.mostHeld, this.held);
    return () => {
      this.held--;
      if (this.held < 0) throw new Error('a hold was released twice');
    };
  }

  get hasRoom(): boolean {
    return this.#room;
  }

  setRoom(room: boolean): void {
    this.#room = room;
    for (let left = this.#waiting.length; left > 0 && this.#room; left--) this.#waiting.shift()!();
  }

  whenRoom(callback: () => void): () => void {
    if (this.#room) callback();
    else this.#waiting.push(callback);
    return () => {
      const index = this.#waiting.indexOf(callback);
      if (index >= 0) this.#waiting.splice(index, 1);
    };
  }

  onInterrupt(listener: (interruption: Interruption) => void): () => void {
    this.#interruptListeners.add(listener);
    return () => this.#interruptListeners.delete(listener);
  }

  onControl(listener: (message: ControlMessage) => boolean): () => void {
    this.#controlListeners.add(listener);
    return () => this.#controlListeners.delete(listener);
  }

  waiting() {
    return { micros: 0, frames: 0 };
  }

  keepAlive(): () => void {
    return () => {};
  }

  report(error: unknown): void {
    this.reports.push(error);
  }

  countInvalid(): void {}

  /** Listeners that were not taken away again. */
  get listeners(): number {
    return this.#interruptListeners.size + this.#controlListeners.size;
  }

  interrupt(fadeMs = 5): void {
    this.epoch++;
    const interruption: Interruption = {
      epoch: this.epoch,
      fadeMs,
      dropped: (duration) => {
        this.droppedMicros += duration;
      },
      heard: () => {},
      wait: () => {},
    };
    for (const listener of [...this.#interruptListeners]) listener(interruption);
  }

  send(message: ControlMessage): boolean {
    return [...this.#controlListeners].some((listener) => listener(message));
  }
}
