/** Messages of a slab, in bytes: one allocation for some sixty frames of speech. */
const SLAB_BYTES = 256 * 1024;

/**
 * Memory for messages, one after the other. The client of NATS keeps what it was given until the turn is over, so that nothing
 * is written twice; a slab goes when its last message has gone.
 */
export class OutgoingMemory {
  #bytes = new Uint8Array(0);
  #used = 0;
  /** Over the slab of the last `take`; its message begins at `start`. */
  view = new DataView(this.#bytes.buffer);
  start = 0;

  /** So many bytes with arbitrary content, at a multiple of 8. */
  take(length: number): Uint8Array {
    const room = (length + 7) & ~7;
    if (this.#used + room > this.#bytes.length) {
      this.#bytes = new Uint8Array(Math.max(SLAB_BYTES, room));
      this.view = new DataView(this.#bytes.buffer);
      this.#used = 0;
    }
    this.start = this.#used;
    this.#used += room;
    return this.#bytes.subarray(this.start, this.start + length);
  }
}
