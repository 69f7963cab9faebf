import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { ReadableStreamSource } from 'mediabunny';
import { containerError } from '../errors.ts';
import type { ContainerBytes } from './container-bytes.ts';
import { StreamedWav } from './streamed-wav.ts';

/** Of what has come, so much can be looked at again. */
const CACHE_BYTES = 16 * 1_024 * 1_024;

/** Reads a stream from its front, as it is taken. */
export async function openStream(
  stream: Readable | globalThis.ReadableStream<Uint8Array>,
  name = 'the stream',
): Promise<ContainerBytes> {
  const pieces = piecesOf(stream);
  const extent = new StreamedWav();
  const bytes = new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        const piece = await pieces.next().catch((cause: unknown) => {
          throw containerError('SLUICE_CONTAINER_READ', `${name} broke off`, { cause });
        });
        if (piece !== undefined && !(piece instanceof Uint8Array))
          throw containerError('SLUICE_CONTAINER_READ', `${name} is none of bytes`, { received: piece });
        const bytes = piece === undefined ? extent.end() : await extent.take(piece);
        if (bytes.length > 0) controller.enqueue(bytes);
        if (piece === undefined) controller.close();
        if (piece === undefined || bytes.length > 0) return;
      }
    },
  });
  const source = new ReadableStreamSource(bytes as globalThis.ReadableStream<Uint8Array>, {
    maxCacheSize: CACHE_BYTES,
    handleUnhandledError: () => {},
  });
  return { source, extent, close: () => pieces.leave() };
}

interface Pieces {
  /** Undefined at the end. */
  next(): Promise<unknown>;
  leave(): void | Promise<void>;
}

function piecesOf(stream: Readable | globalThis.ReadableStream<Uint8Array>): Pieces {
  if (stream instanceof Readable) {
    const iterator = stream[Symbol.asyncIterator]();
    return {
      next: async () => {
        const { value, done } = await iterator.next();
        return done === true ? undefined : value;
      },
      leave: () => {
        stream.destroy();
      },
    };
  }
  const reader = stream.getReader();
  return { next: async () => (await reader.read()).value, leave: () => reader.cancel().catch(() => {}) };
}
