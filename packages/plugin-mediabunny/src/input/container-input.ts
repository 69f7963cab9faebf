// Where the bytes of a container come from: files, servers, memory, streams. No track and no sample.

import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';
import { invalidArgument } from '@sluice/core';
import { containerError } from '../errors.ts';
import type { ContainerBytes } from './container-bytes.ts';
import { openBytes } from './open-bytes.ts';
import { openFile } from './open-file.ts';
import { openStream } from './open-stream.ts';
import { openUrl } from './open-url.ts';

/** A path, a URL of `file:`, `http:` or `https:`, all of the bytes, or a stream of them (of Node or of the web). */
export type ContainerInput = string | URL | Uint8Array | ArrayBuffer | Readable | ReadableStream<Uint8Array>;

/** An input that was looked at, and can be opened. */
export interface CheckedInput {
  /** For messages: the path, or the URL without user and query. */
  readonly name: string;
  /** Whether it can be opened more than once. */
  readonly repeatable: boolean;
  open(): Promise<ContainerBytes>;
}

/** @throws TypeError for what is none of them */
export function checkInput(input: ContainerInput): CheckedInput {
  if (input instanceof Uint8Array || input instanceof ArrayBuffer) {
    const bytes = input instanceof ArrayBuffer ? new Uint8Array(input) : input;
    return { name: `the ${bytes.length} bytes`, repeatable: true, open: () => openBytes(bytes) };
  }
  if (input instanceof Readable || input instanceof ReadableStream) return checkStream(input);
  const text = input instanceof URL ? input.href : input;
  if (typeof text !== 'string' || text === '' || text.includes('\0'))
    throw invalidArgument('input', 'a path, a URL, bytes, or a stream of them', input);
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === 'file') {
    const path = scheme === undefined ? resolve(text) : fileURLToPath(text);
    return { name: path, repeatable: true, open: () => openFile(path) };
  }
  if (scheme !== 'http' && scheme !== 'https')
    throw invalidArgument('input', 'a path, or a URL of file:, http: or https:', `${scheme}:`);
  if (!URL.canParse(text)) throw invalidArgument('input', 'a URL with a host', `${scheme}:…`);
  const { origin, pathname, href } = new URL(text);
  const name = `${origin}${pathname}`;
  return { name, repeatable: true, open: () => openUrl(href, name) };
}

function checkStream(stream: Readable | ReadableStream<Uint8Array>): CheckedInput {
  if (stream instanceof Readable && stream.readableEncoding !== null)
    throw invalidArgument('input', 'a stream of bytes, without encoding', stream.readableEncoding);
  let opened = false;
  return {
    name: 'the stream',
    repeatable: false,
    open: async () => {
      if (opened || (stream instanceof ReadableStream && stream.locked))
        throw containerError('SLUICE_CONTAINER_READ', 'the stream was read before', {
          fix: 'Give each reader a stream of its own',
        });
      opened = true;
      return await openStream(stream);
    },
  };
}
