import { open, stat } from 'node:fs/promises';

/** The most of a package.json that is read: a hundred times what they have. */
export const MOST_BYTES = 256 * 1_024;

export interface PackageFile {
  /** What was read of it, also where it is not whole. */
  readonly text: string;
  /** Why it could not be read, or not whole. */
  readonly fault?: string;
}

/** Reads a package.json, or the beginning of one that is too large. Never rejects. */
export async function readPackageFile(path: string): Promise<PackageFile> {
  try {
    // Opening what is no file, a pipe for example, may wait for ever.
    if (!(await stat(path)).isFile()) return { text: '', fault: 'its package.json is no file' };
    const handle = await open(path, 'r');
    try {
      return await readStart(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const absent = code === 'ENOENT' || code === 'ENOTDIR';
    return { text: '', fault: absent ? 'it has no package.json' : `its package.json cannot be read (${code})` };
  }
}

async function readStart(handle: Awaited<ReturnType<typeof open>>): Promise<PackageFile> {
  const bytes = Buffer.alloc(MOST_BYTES + 1);
  let length = 0;
  // A read may give less than was asked for.
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  const text = bytes.toString('utf8', 0, length);
  return length > MOST_BYTES ? { text, fault: `its package.json is larger than ${MOST_BYTES / 1_024} KiB` } : { text };
}
