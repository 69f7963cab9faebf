import { type FileHandle, open, rm } from 'node:fs/promises';
import { SluiceError, toError } from '../../errors.ts';
import { encodeHeader, type SessionHeader } from './session-header.ts';
import { encodeRecord, MOST_RECORD_BYTES, type RecordType } from './session-record.ts';

/** Written at once, in bytes; less goes to the disk when it has waited for `LONGEST_WAIT_MS`. */
const BATCH_BYTES = 64 * 1_024;
/** The most that a killed process loses. */
const LONGEST_WAIT_MS = 250;
/** What may wait for a disk, in bytes. */
const MOST_WAITING_BYTES = 64 * 2 ** 20;

/** Who is told that a session file cannot be written any more. */
export interface SessionWriterOptions {
  /** Told once when the file cannot be written any more; what is added after that is dropped. */
  readonly onError?: (error: SluiceError) => void;
}

/**
 * Writes a session's file. `add` only copies into memory; the disk takes batches when it can, so that nobody waits for it.
 * What comes before `begin` waits for the header. A disk that is full or falls 64 MiB behind ends the file where it is.
 */
export class SessionWriter {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #onError: (error: SluiceError) => void;
  #waiting: Buffer[] = [];
  #bytes = 0;
  #begun = false;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #error: SluiceError | undefined;
  #closing: Promise<void> | undefined;
  /** Records that were added, those of a file that ended early included. */
  records = 0;

  private constructor(file: string, handle: FileHandle, onError: (error: SluiceError) => void) {
    this.#file = file;
    this.#handle = handle;
    this.#onError = onError;
  }

  /** Makes the file anew. @throws SLUICE_SESSION_WRITE (as a rejection) */
  static async open(file: string, options: SessionWriterOptions = {}): Promise<SessionWriter> {
    try {
      return new SessionWriter(file, await open(file, 'w'), options.onError ?? (() => {}));
    } catch (cause) {
      throw notWritten(cause);
    }
  }

  /** Why the file ended early. */
  get error(): SluiceError | undefined {
    return this.#error;
  }

  /** Writes the header, before everything that was added. */
  begin(header: SessionHeader): void {
    const bytes = encodeHeader(header);
    this.#waiting.unshift(bytes);
    this.#bytes += bytes.length;
    this.#begun = true;
    this.#flushSoon();
  }

  /** Adds a record; `json` is its JSON as text. */
  add(type: RecordType, json: string, parts: readonly Uint8Array[] = []): void {
    if (this.#error !== undefined || this.#closing !== undefined) return;
    const record = encodeRecord(type, json, parts);
    if (record.length > MOST_RECORD_BYTES + 4) return this.#fail(new Error(`a record has ${record.length} bytes`));
    this.records++;
    this.#waiting.push(record);
    this.#bytes += record.length;
    if (this.#bytes > MOST_WAITING_BYTES) this.#fail(new Error('the disk does not keep up'));
    else this.#flushSoon();
  }

  /** Writes what waits and closes the file; one that has no header yet is removed. Rejects if it ended early. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #flushSoon(): void {
    if (!this.#begun || this.#writing !== undefined) return;
    if (this.#bytes >= BATCH_BYTES) this.#write();
    // It holds no process: one that ends by itself has closed its session.
    else this.#timer ??= setTimeout(() => this.#write(), LONGEST_WAIT_MS).unref();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#bytes === 0 || this.#error !== undefined) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    this.#writing = this.#store(batch).finally(() => {
      this.#writing = undefined;
      this.#flushSoon();
    });
  }

  async #store(batch: Buffer[]): Promise<void> {
    const bytes = Buffer.concat(batch);
    try {
      for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten;
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(cause: unknown): void {
    if (this.#error !== undefined) return;
    this.#error = notWritten(cause);
    this.#waiting = [];
    this.#bytes = 0;
    this.#onError(this.#error);
  }

  async #close(): Promise<void> {
    for (;;) {
      if (this.#writing === undefined && this.#begun) this.#write();
      if (this.#writing === undefined) break;
      await this.#writing;
    }
    clearTimeout(this.#timer);
    if (!this.#begun && (await this.#handle.stat()).isFile()) await rm(this.#file).catch(() => {});
    await this.#handle.close().catch((error: unknown) => this.#fail(error));
    if (this.#error !== undefined) throw this.#error;
  }
}

function notWritten(cause: unknown): SluiceError {
  return new SluiceError('SLUICE_SESSION_WRITE', `the session cannot be written: ${toError(cause).message}`, {
    fix: 'Give a path that can be written, on a disk with room; what was written so far can be replayed',
    cause,
  });
}
