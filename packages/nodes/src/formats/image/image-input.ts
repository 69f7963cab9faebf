import { invalidArgument, SluiceError } from '@sluice/core';
import { checkPath } from '../../options/file-path.ts';
import { FileByteReader } from '../byte-io/file-byte-reader.ts';

/**
 * An encoded image: a path or `file:` URL of a regular file, or its bytes, which must stay as they are while they are
 * used.
 */
export type ImageInput = string | URL | Uint8Array;

/** What reads an input, as often as wanted. `path` is undefined for bytes. */
export interface ImageFile {
  readonly path: string | undefined;
  read(): Promise<Uint8Array>;
}

/** The largest file that is read, in bytes: encoded images are held in memory as a whole. */
export const largestImageFile = 256 * 1024 * 1024;

/** Checks an input at once, and opens nothing. */
export function imageFile(input: ImageInput): ImageFile {
  if (input instanceof Uint8Array) return { path: undefined, read: async () => input };
  if (typeof input !== 'string' && !(input instanceof URL))
    throw invalidArgument('input', 'a path, a file: URL or the bytes of an image', input);
  const path = checkPath(input);
  return { path, read: () => readFile(path) };
}

/**
 * The bytes, never the path, go to the decoder: an SVG whose place is known may show the files beside it.
 */
async function readFile(path: string): Promise<Uint8Array> {
  const reader = await FileByteReader.open(path);
  try {
    if (reader.size > largestImageFile)
      throw new SluiceError('SLUICE_IMAGE_TOO_LARGE', `${path} is too large for an image`, {
        expected: `at most ${largestImageFile} bytes`,
        received: `${reader.size} bytes`,
      });
    const bytes = new Uint8Array(reader.size);
    return bytes.subarray(0, await reader.fill(bytes));
  } finally {
    await reader.close();
  }
}
