/**
 * Frames on their way to the network: those that are made in one turn go as one message, as far as the receiver takes that and
 * they lie behind each other in memory. The turn that made them sends them, so that none waits for the next.
 */
export class OutgoingFrames {
  readonly #send: (message: Uint8Array) => void;
  /** The most bytes of one message of several frames; 0 where the receiver takes each by itself. */
  mostBytes = 0;
  #first: Uint8Array | undefined;
  #length = 0;
  #asked = false;
  readonly #turnOver = (): void => {
    this.#asked = false;
    this.flush();
  };

  constructor(send: (message: Uint8Array) => void) {
    this.#send = send;
  }

  add(frame: Uint8Array): void {
    if (!this.#joins(frame)) this.flush();
    if (frame.length > this.mostBytes) return this.#send(frame);
    this.#first ??= frame;
    this.#length += frame.length;
    if (this.#asked) return;
    this.#asked = true;
    queueMicrotask(this.#turnOver);
  }

  /** Sends what waits. Whatever else is said about frames is said behind them. */
  flush(): void {
    const first = this.#first;
    if (first === undefined) return;
    const length = this.#length;
    this.#first = undefined;
    this.#length = 0;
    this.#send(length === first.length ? first : new Uint8Array(first.buffer, first.byteOffset, length));
  }

  #joins(frame: Uint8Array): boolean {
    const first = this.#first;
    if (first === undefined) return false;
    const follows = frame.buffer === first.buffer && frame.byteOffset === first.byteOffset + this.#length;
    return follows && this.#length + frame.length <= this.mostBytes;
  }
}
