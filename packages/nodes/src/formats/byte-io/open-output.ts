import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { SluiceError } from '@sluice/core';
import { writeError } from './file-errors.ts';
import { fileIdentity, isBeingRead } from './files-being-read.ts';

/** How often is looked whether somebody reads a pipe, in milliseconds. */
const LOOK_EVERY_MS = 20;

/** A file that is written anew. What it held stays until `begin`. */
export interface OutputFile {
  readonly handle: FileHandle;
  /** Whether it held something when it was opened. */
  readonly held: boolean;
  /** Throws `SLUICE_FILE_WRITE` if a source of this process still reads what is about to be overwritten. */
  check(): void;
  /** Empties it of what it held. */
  begin(): Promise<void>;
}

/** Creates or opens a file, a pipe or a device to be written from its beginning. Throws `SLUICE_FILE_WRITE`. */
export async function openOutput(path: string): Promise<OutputFile> {
  const handle = await openUnlessPipe(path).catch((error: unknown) => {
    throw writeError(path, 'cannot be created', error);
  });
  const opened = await handle.stat();
  const identity = fileIdentity(opened);
  const held = opened.isFile() && opened.size > 0;
  return {
    handle,
    held,
    check: () => {
      if (opened.isFile() && isBeingRead(identity))
        throw new SluiceError('SLUICE_FILE_WRITE', `${path} would be overwritten while it is read`, {
          fix: 'Write to another file, and rename it when both are finished',
        });
    },
    begin: async () => {
      if (held) await handle.truncate(0);
    },
  };
}

/** A thread that waits for the reader of a pipe, or for room in it, would hold `process.exit()` back. */
async function openUnlessPipe(path: string): Promise<FileHandle> {
  const pipe = await stat(path).then(
    (found) => found.isFIFO(),
    () => false,
  );
  for (;;) {
    try {
      return await open(path, constants.O_WRONLY | constants.O_CREAT | (pipe ? constants.O_NONBLOCK : 0), 0o666);
    } catch (error) {
      if (!pipe || (error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}
