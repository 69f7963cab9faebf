/** Messages of a slab, in bytes: one allocation for some sixty frames of speech. */
const SLAB_BYTES = 256 * 1024;
/** So many wait to be written again: more is under way in wide windows alone, and goes when its last message has gone. */
const MOST_KEPT = 4;

class Slab {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** The frame of its last message. */
  last = -1;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.view = new DataView(this.bytes.buffer);
  }
}

/**
 * Memory for messages, one after the other. The client of NATS keeps what it was given until the turn is over, and longer where the
 * server is slow: what is written again are slabs whose frames have all come to their receiver.
 */
export class OutgoingMemory {
  #slab = new Slab(0);
  #used = 0;
  /** Those that are full, the oldest first. */
  readonly #full: Slab[] = [];
  #came = 0;
  /** Where the message of the last `take` begins in its slab. */
  start = 0;

  /** Over the slab of the last `take`. */
  get view(): DataView {
    return this.#slab.view;
  }

  /**
   * So many bytes with arbitrary content, right behind those of the last `take` where the slab has room.
   *
   * @param frame its number, which only grows
   */
  take(length: number, frame: number): Uint8Array {
    if (this.#used + length > this.#slab.bytes.length) {
      this.#slab = this.#next(length);
      this.#used = 0;
    }
    this.#slab.last = frame;
    this.start = this.#used;
    this.#used += length;
    return this.#slab.bytes.subarray(this.start, this.#used);
  }

  /** All frames before this number have come. */
  came(frame: number): void {
    this.#came = frame;
  }

  #next(length: number): Slab {
    if (this.#slab.bytes.length === SLAB_BYTES) this.#full.push(this.#slab);
    if (this.#full.length > MOST_KEPT) this.#full.shift();
    const [oldest] = this.#full;
    if (oldest === undefined || oldest.last >= this.#came || length > SLAB_BYTES)
      return new Slab(Math.max(SLAB_BYTES, length));
    this.#full.shift();
    return oldest;
  }
}
