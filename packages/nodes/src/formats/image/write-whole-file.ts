import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeError } from '../byte-io/file-errors.ts';

/**
 * Writes a file beside its place and moves it there, so that nobody ever reads a part of it; a file of the same name is
 * replaced. Throws `SLUICE_FILE_WRITE` and leaves nothing behind.
 */
export async function writeWholeFile(path: string, bytes: Uint8Array): Promise<void> {
  const part = join(dirname(path), `.${randomUUID()}.part`);
  try {
    await writeFile(part, bytes, { flag: 'wx' });
    await rename(part, path);
  } catch (error) {
    // Told is why it could not be written, not that there is nothing to remove.
    await rm(part, { force: true }).catch(() => {});
    throw writeError(path, 'cannot be written', error);
  }
}
