// A fleet in virtual time: the choice of workers is ours, NATS, workers and what befalls them are a model. No server, no process, no wall clock.

/** What happens when, in virtual milliseconds. */
export class Agenda {
  readonly #due = new Map<number, (() => void)[]>();
  #now = 0;

  get now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): void {
    const at = this.#now + Math.max(0, Math.round(ms));
    const others = this.#due.get(at);
    if (others === undefined) this.#due.set(at, [action]);
    else others.push(action);
  }

  /** Until nothing is left to wait for, or the time is over. */
  run(untilMs: number, isDone: () => boolean): void {
    for (; this.#now < untilMs && !isDone(); this.#now++) {
      const due = this.#due.get(this.#now);
      if (due === undefined) continue;
      // What is added for this moment meanwhile belongs to it.
      for (let at = 0; at < due.length; at++) due[at]!();
      this.#due.delete(this.#now);
    }
  }
}
