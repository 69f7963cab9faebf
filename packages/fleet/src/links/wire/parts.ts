import { frameFault } from './frame-fault.ts';
import { At, MAGIC, MessageKind, sessionOf, VERSION } from './layout.ts';

/** What stands before the bytes of a part: the prefix of all messages, how long the whole is, and where in it they belong. */
const PART_BYTES = 16;
const TOTAL_AT = 8;
const OFFSET_AT = 12;

/** A message that is longer than a server takes, in order, as parts of at most `mostBytes`. */
export function partsOf(message: Uint8Array, mostBytes: number): Uint8Array[] {
  const most = mostBytes - PART_BYTES;
  const count = Math.ceil(message.length / most);
  return Array.from({ length: count }, (_, index) => {
    const offset = index * most;
    const bytes = message.subarray(offset, offset + most);
    const part = new Uint8Array(PART_BYTES + bytes.length);
    const view = new DataView(part.buffer);
    part[At.magic] = MAGIC;
    part[At.version] = VERSION;
    part[At.kind] = MessageKind.part;
    view.setUint32(At.session, sessionOf(message), true);
    view.setUint32(TOTAL_AT, message.length, true);
    view.setUint32(OFFSET_AT, offset, true);
    part.set(bytes, PART_BYTES);
    return part;
  });
}

/** Puts the parts of one sender together. It holds one message at a time: one of which a part is missing is lost. */
export class Parts {
  #whole: Uint8Array | undefined;
  #filled = 0;

  /**
   * The message, once its last part is there; it is good until the next part.
   *
   * @throws SLUICE_REMOTE_FRAME for what is no part, or is one of more than `mostBytes`
   */
  add(part: Uint8Array, mostBytes: number): Uint8Array | undefined {
    if (part.length <= PART_BYTES)
      throw frameFault('a part of a remote frame is cut off', { received: `${part.length} bytes` });
    const view = new DataView(part.buffer, part.byteOffset, PART_BYTES);
    const [total, offset] = [view.getUint32(TOTAL_AT, true), view.getUint32(OFFSET_AT, true)];
    const bytes = part.subarray(PART_BYTES);
    if (total > mostBytes || offset + bytes.length > total)
      throw frameFault('a part of a remote frame lies outside of it, or the frame is too large', {
        expected: `at most ${mostBytes} bytes`,
        received: `bytes ${offset} to ${offset + bytes.length} of ${total}`,
        fix: 'Raise maxFrameBytes of fromSubject, or make the pictures of the sender smaller',
      });
    if (offset === 0) {
      if (this.#whole?.length !== total) this.#whole = new Uint8Array(total);
      this.#filled = 0;
    }
    // One before it is lost, and so is the whole: what follows of it is passed over.
    if (this.#whole?.length !== total || offset !== this.#filled) {
      this.#filled = Number.POSITIVE_INFINITY;
      return undefined;
    }
    this.#whole.set(bytes, offset);
    this.#filled += bytes.length;
    return this.#filled === total ? this.#whole : undefined;
  }

  /** Gives up what is not whole, and its memory. */
  clear(): void {
    this.#whole = undefined;
    this.#filled = 0;
  }
}
