import { noSession } from './session-header.ts';
import {
  MOST_RECORD_BYTES,
  RECORD_HEAD_BYTES,
  recordTypes,
  type SessionJson,
  type SessionRecord,
} from './session-record.ts';

/** Bytes that were read and are not taken yet. What is wanted is put together only when all of it is there. */
class ByteQueue {
  readonly #chunks: Uint8Array[] = [];
  #offset = 0;
  length = 0;

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  /** Copies the first bytes without taking them; there must be as many. */
  peek(count: number): Buffer {
    const bytes = Buffer.allocUnsafe(count);
    let filled = 0;
    let offset = this.#offset;
    for (let index = 0; filled < count; index++) {
      const chunk = this.#chunks[index]!;
      const end = Math.min(chunk.length, offset + count - filled);
      bytes.set(chunk.subarray(offset, end), filled);
      filled += end - offset;
      offset = 0;
    }
    return bytes;
  }

  take(count: number): Buffer {
    const bytes = this.peek(count);
    this.length -= count;
    this.#offset += count;
    while (this.#chunks.length > 0 && this.#offset >= this.#chunks[0]!.length)
      this.#offset -= this.#chunks.shift()!.length;
    return bytes;
  }
}

/** Cuts the bytes behind a header into records. Holds no more than one record and what was read beyond it. */
export class RecordSplitter {
  readonly #bytes = new ByteQueue();
  #index = 0;

  push(chunk: Uint8Array): void {
    this.#bytes.push(chunk);
  }

  /** Bytes of a record that is not whole. */
  get rest(): number {
    return this.#bytes.length;
  }

  /** The next whole record of a known type, or undefined if more bytes are needed. Throws for what is no record. */
  next(): SessionRecord | undefined {
    while (this.#bytes.length >= 4) {
      const length = this.#bytes.peek(4).readUInt32LE(0);
      if (length < RECORD_HEAD_BYTES - 4 || length > MOST_RECORD_BYTES)
        throw noSession(`record ${this.#index + 1} says that it has ${length} bytes`);
      if (this.#bytes.length < length + 4) return undefined;
      const whole = this.#bytes.take(length + 4);
      this.#index++;
      const record = this.#decode(whole);
      if (record !== undefined) return record;
    }
    return undefined;
  }

  #decode(whole: Buffer): SessionRecord | undefined {
    const index = this.#index;
    const type = recordTypes[whole[4]! - 1];
    if (type === undefined) return undefined;
    const end = RECORD_HEAD_BYTES + whole.readUInt32LE(5);
    if (end > whole.length) throw noSession(`the JSON of record ${index} is longer than the record`);
    let json: unknown;
    try {
      json = JSON.parse(whole.toString('utf8', RECORD_HEAD_BYTES, end));
    } catch (cause) {
      throw noSession(`record ${index} has no JSON`, cause);
    }
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw noSession(`the JSON of record ${index} is no object`);
    // Typed arrays stand on it: their memory has to begin where they do.
    return { index, type, json: json as SessionJson, bytes: new Uint8Array(whole.subarray(end)) };
  }
}
