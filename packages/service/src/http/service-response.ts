import type { VoiceError } from '@sluice/core/voice';
import { networkError } from '../faults/network-error.ts';
import { parseJson } from '../faults/parse-json.ts';
import { type ServiceIdentity, serviceError } from '../faults/service-error.ts';
import { inTime, type ServiceContext } from '../in-time.ts';

interface Answer {
  readonly identity: ServiceIdentity;
  readonly got: Response;
  readonly connection: AbortController;
  readonly silenceMs: number;
  readonly mostBytes: number;
  readonly over: () => void;
}

/**
 * An answer as it comes, in pieces of any size. Read it to its end or close it: until then it holds a connection. Leaving
 * a loop over it closes it.
 */
export class ServiceResponse implements AsyncIterable<Uint8Array> {
  readonly status: number;
  readonly headers: Headers;
  readonly identity: ServiceIdentity;
  readonly #context: ServiceContext;
  readonly #answer: Answer;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #first: Uint8Array | undefined;
  #bytes = 0;
  #done = false;

  constructor(context: ServiceContext, answer: Answer) {
    this.status = answer.got.status;
    this.headers = answer.got.headers;
    this.identity = answer.identity;
    this.#context = context;
    this.#answer = answer;
    this.#reader = answer.got.body?.getReader();
  }

  /** Waits for the first piece. */
  async begin(ms: number, late: () => VoiceError): Promise<void> {
    this.#first = await this.#read(ms, late);
  }

  /** All of it as UTF-8; more than `mostBytes` is a fault. */
  async text(mostBytes = this.#answer.mostBytes): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    let bytes = 0;
    for await (const piece of this) {
      bytes += piece.length;
      if (bytes > mostBytes) throw this.#tooLong(mostBytes);
      text += decoder.decode(piece, { stream: true });
    }
    return text + decoder.decode();
  }

  /** All of it as JSON. */
  async json(): Promise<unknown> {
    return parseJson(this.identity, await this.text());
  }

  /** Ends the connection; again does nothing. */
  close(): void {
    this.#done = true;
    this.#first = undefined;
    this.#answer.connection.abort();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let piece = this.#takeFirst() ?? (await this.#next()); piece !== undefined; piece = await this.#next())
        yield piece;
    } finally {
      if (!this.#done) this.close();
    }
  }

  #takeFirst(): Uint8Array | undefined {
    const first = this.#first;
    this.#first = undefined;
    return first;
  }

  #next(): Promise<Uint8Array | undefined> {
    const { silenceMs, identity } = this.#answer;
    const message = `nothing more came within ${silenceMs} ms, in the middle of an answer`;
    return this.#read(silenceMs, () => serviceError({ ...identity, category: 'retry', message }));
  }

  async #read(ms: number, late: () => VoiceError): Promise<Uint8Array | undefined> {
    if (this.#done || this.#reader === undefined) return this.#end();
    const { identity, connection, mostBytes } = this.#answer;
    const reading = this.#reader.read().catch((reason: unknown) => {
      throw networkError(identity, 'the connection ended in the middle of an answer', reason);
    });
    try {
      const { done, value } = await inTime(this.#context, ms, reading, late);
      if (done) return this.#end();
      this.#bytes += value.length;
      if (this.#bytes > mostBytes) throw this.#tooLong(mostBytes);
      return value;
    } catch (error) {
      connection.abort();
      throw error;
    }
  }

  #end(): undefined {
    this.#done = true;
    this.#answer.over();
  }

  #tooLong(mostBytes: number): VoiceError {
    const message = `the answer is longer than ${mostBytes} bytes`;
    return serviceError({ ...this.identity, category: 'fall-back', message });
  }
}
