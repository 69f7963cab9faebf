import { type FileHandle, open } from 'node:fs/promises';
import { toError } from '../../errors.ts';
import { RecordSplitter } from './record-splitter.ts';
import { decodeHeader, MOST_HEADER_BYTES, noSession, type SessionHeader } from './session-header.ts';
import type { SessionRecord } from './session-record.ts';

/** Read at once, in bytes. */
const CHUNK_BYTES = 256 * 1_024;
const LINE_FEED = 10;

/**
 * Reads a session's file, a record at a time and no faster than they are taken. Records of unknown types are passed over.
 *
 * @example
 * await using reader = await SessionReader.open('call.sluice');
 * for await (const { type, json } of reader) console.log(type, json);
 */
export class SessionReader implements AsyncIterable<SessionRecord>, AsyncDisposable {
  readonly header: SessionHeader;
  readonly #handle: FileHandle;
  readonly #records: RecordSplitter;
  #cut = false;

  private constructor(handle: FileHandle, header: SessionHeader, rest: Uint8Array) {
    this.#handle = handle;
    this.header = header;
    this.#records = new RecordSplitter();
    this.#records.push(rest);
  }

  /**
   * Opens a file and reads its header. Whoever opened it closes it.
   *
   * @throws SLUICE_SESSION_FILE, SLUICE_SESSION_VERSION (as rejections)
   */
  static async open(file: string): Promise<SessionReader> {
    let handle: FileHandle;
    try {
      handle = await open(file, 'r');
    } catch (cause) {
      throw noSession(`it cannot be opened: ${toError(cause).message}`, cause);
    }
    try {
      const { line, rest } = await firstLine(handle);
      return new SessionReader(handle, decodeHeader(line), rest);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Whether the file ended inside a record: it was read to its last whole one. Known at the end. */
  get cut(): boolean {
    return this.#cut;
  }

  /** @throws SLUICE_SESSION_FILE for what is no record */
  async *[Symbol.asyncIterator](): AsyncGenerator<SessionRecord, void, undefined> {
    for (;;) {
      for (let record = this.#records.next(); record !== undefined; record = this.#records.next()) yield record;
      const chunk = await read(this.#handle);
      if (chunk === undefined) break;
      this.#records.push(chunk);
    }
    this.#cut = this.#records.rest > 0;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

async function read(handle: FileHandle): Promise<Uint8Array | undefined> {
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw noSession(`it cannot be read: ${toError(cause).message}`, cause);
  }
}

async function firstLine(handle: FileHandle): Promise<{ line: Uint8Array; rest: Uint8Array }> {
  let bytes: Uint8Array = new Uint8Array(0);
  for (;;) {
    const end = bytes.indexOf(LINE_FEED);
    if (end >= 0) return { line: bytes.subarray(0, end), rest: bytes.subarray(end + 1) };
    const chunk = bytes.length > MOST_HEADER_BYTES ? undefined : await read(handle);
    if (chunk === undefined) throw noSession('it has no header');
    bytes = Buffer.concat([bytes, chunk]);
  }
}
