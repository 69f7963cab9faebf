import type { Writable } from 'node:stream';
import { invalidArgument } from '@sluice/core';
import { checkBoolean } from '../../options/check-option.ts';
import { checkPath } from '../../options/file-path.ts';
import type { ByteWriter } from './byte-writer.ts';
import { FileByteWriter } from './file-byte-writer.ts';
import { StreamByteWriter } from './stream-byte-writer.ts';

/** Where bytes go: a path or `file:` URL, or a Node stream, `process.stdout` too. */
export type ByteTarget = string | URL | Writable;

export interface ByteTargetOptions {
  /** Whether a stream is ended when the frames are. Standard output and error never are. Default true. */
  readonly end?: boolean | undefined;
}

/** What opens a target. `path` is undefined for streams. */
export interface ByteTargetOpener {
  readonly path: string | undefined;
  open(): Promise<ByteWriter>;
}

/** Checks the target at once, and opens nothing. */
export function byteTarget(target: ByteTarget, { end = true }: ByteTargetOptions): ByteTargetOpener {
  checkBoolean('end', end);
  if (!isWritable(target)) {
    const path = checkPath(target);
    return { path, open: () => FileByteWriter.open(path) };
  }
  if (target.writableObjectMode) throw invalidArgument('target', 'a Writable of bytes', 'one in object mode');
  const standard = target === process.stdout || target === process.stderr;
  return { path: undefined, open: async () => new StreamByteWriter(target, end && !standard) };
}

function isWritable(target: ByteTarget): target is Writable {
  const { write, once } = (target ?? {}) as Partial<Writable>;
  return typeof write === 'function' && typeof once === 'function';
}
