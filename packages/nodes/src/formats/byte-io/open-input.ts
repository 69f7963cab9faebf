import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { SluiceError } from '@sluice/core';
import { readError } from './file-errors.ts';
import { fileIdentity, noteReader } from './files-being-read.ts';

/** A regular file that is read. */
export interface InputFile {
  readonly handle: FileHandle;
  /** In bytes, when it was opened. */
  readonly size: number;
  close(): Promise<void>;
}

/**
 * Opens a regular file. A pipe is not waited for: until somebody writes to it the thread that opens it is lost, and
 * `process.exit()` waits for that thread.
 *
 * @throws `SLUICE_FILE_READ`, with `instead` as the advice for what is no regular file.
 */
export async function openInput(path: string, instead: string): Promise<InputFile> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    throw readError(path, 'cannot be opened', error);
  });
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw new SluiceError('SLUICE_FILE_READ', `${path} is not a regular file`, { fix: instead });
  }
  const release = noteReader(fileIdentity(stat));
  return {
    handle,
    size: stat.size,
    close: () => {
      release();
      return handle.close();
    },
  };
}
