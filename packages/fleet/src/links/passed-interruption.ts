/** An interruption of the other side that goes on into this graph: what the graph interrupts then is an answer, and not told back. */
export class PassedInterruption {
  #passing = false;

  /** Whether an interruption that comes now follows from one of the other side. */
  get passing(): boolean {
    return this.#passing;
  }

  /** Calls what interrupts this graph, and reports what it throws. */
  pass(onInterrupt: (() => void) | undefined, report: (error: unknown) => void): void {
    this.#passing = true;
    try {
      onInterrupt?.();
    } catch (error) {
      report(error);
    } finally {
      this.#passing = false;
    }
  }
}
