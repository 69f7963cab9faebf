import { Readable } from 'node:stream';
import { invalidArgument, SluiceError } from '@sluice/core';
import { bytesOf } from './bytes-of.ts';
import { StreamByteReader } from './stream-byte-reader.ts';

/**
 * Bytes from wherever they come, cut anywhere: a Node stream (`process.stdin`, a child's standard output, an HTTP
 * request, `Readable.from([...])` of Buffers), a web stream (`response.body` of `fetch`) or any other iterable of pieces,
 * or all of them at once. Arrays and Buffers can be read again, everything else once.
 */
export type ByteInput = Readable | Uint8Array | ArrayBuffer | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Checks the input at once, and returns what opens it. */
export function byteInput(name: string, input: ByteInput): () => StreamByteReader {
  if (isReadable(input)) {
    if (input.readableEncoding !== null)
      throw invalidArgument(name, 'a stream of bytes, without encoding', input.readableEncoding);
    return once(() => new StreamByteReader(input));
  }
  const whole = bytesOf(input);
  if (whole !== undefined) return () => readerOf([whole]);
  if (Array.isArray(input)) {
    const stranger = input.findIndex((piece) => bytesOf(piece) === undefined);
    if (stranger >= 0) throw invalidArgument(`${name}[${stranger}]`, 'a Buffer or Uint8Array', input[stranger]);
    return () => readerOf(input);
  }
  if (typeof input === 'string' || (input as unknown) instanceof URL)
    throw invalidArgument(name, 'a stream or Buffers; of a file, createReadStream(path)', input);
  if (!isIterable(input))
    throw invalidArgument(name, 'a stream (child.stdout, response.body), an iterable of Buffers, or a Buffer', input);
  return once(() => readerOf(input));
}

function readerOf(pieces: Iterable<unknown> | AsyncIterable<unknown>): StreamByteReader {
  return new StreamByteReader(Readable.from(pieces));
}

function once(open: () => StreamByteReader): () => StreamByteReader {
  let opened = false;
  return () => {
    if (opened) throw new SluiceError('SLUICE_STREAM_READ', 'the stream was read before');
    opened = true;
    return open();
  };
}

function isReadable(input: unknown): input is Readable {
  const { read, on } = (input ?? {}) as Partial<Readable>;
  return typeof read === 'function' && typeof on === 'function';
}

function isIterable(input: unknown): input is Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof input !== 'object' || input === null || ArrayBuffer.isView(input)) return false;
  return Symbol.asyncIterator in input || Symbol.iterator in input;
}
