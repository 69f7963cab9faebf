import type { Readable } from 'node:stream';
import { invalidArgument, SluiceError } from '@sluice/core';
import { checkPath } from '../../options/file-path.ts';
import type { ByteReader } from './byte-reader.ts';
import { FileByteReader } from './file-byte-reader.ts';
import { StreamByteReader } from './stream-byte-reader.ts';

/** Where bytes come from: a path or `file:` URL of a regular file, or a Node stream of bytes, `process.stdin` too. */
export type ByteSource = string | URL | Readable;

/** What opens a source, once for a stream, as often as wanted for a file. `path` is undefined for streams. */
export interface ByteOpener {
  readonly path: string | undefined;
  open(): Promise<ByteReader>;
}

/** Checks the source at once, and opens nothing. */
export function byteOpener(source: ByteSource): ByteOpener {
  if (!isReadable(source)) {
    const path = checkPath(source);
    return { path, open: () => FileByteReader.open(path) };
  }
  if (source.readableObjectMode || source.readableEncoding !== null)
    throw invalidArgument('source', 'a Readable of bytes, without encoding and object mode', source.readableEncoding);
  let opened = false;
  const open = async () => {
    if (opened) throw new SluiceError('SLUICE_STREAM_READ', 'the stream was read before');
    opened = true;
    return new StreamByteReader(source);
  };
  return { path: undefined, open };
}

function isReadable(source: ByteSource): source is Readable {
  const { read, on } = (source ?? {}) as Partial<Readable>;
  return typeof read === 'function' && typeof on === 'function';
}
