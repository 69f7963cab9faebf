import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { containerError } from '../errors.ts';
import { type ContainerBytes, seekableBytes } from './container-bytes.ts';
import { fileIdentity, noteReader } from './files-being-read.ts';

/** Reads a regular file where it is asked to. A pipe is not waited for: it is a stream. */
export async function openFile(path: string): Promise<ContainerBytes> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((cause: Error) => {
    throw containerError('SLUICE_CONTAINER_READ', `${path} cannot be opened: ${cause.message}`, {
      fix: 'Check the path and its permissions',
      cause,
    });
  });
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw containerError('SLUICE_CONTAINER_READ', `${path} is no regular file`, {
      fix: 'Of a pipe or a device give a stream: createReadStream(path)',
    });
  }
  const release = noteReader(fileIdentity(stat));
  const read = (start: number, end: number) => readWhole(handle, path, start, end);
  return await seekableBytes(stat.size, read, 'fileSystem', () => {
    release();
    return handle.close();
  });
}

async function readWhole(handle: FileHandle, path: string, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  for (let filled = 0; filled < bytes.length; ) {
    const { bytesRead } = await handle
      .read(bytes, filled, bytes.length - filled, start + filled)
      .catch((cause: Error) => {
        throw containerError('SLUICE_CONTAINER_READ', `${path} cannot be read: ${cause.message}`, { cause });
      });
    if (bytesRead === 0)
      throw containerError('SLUICE_CONTAINER_READ', `${path} was cut while it was read`, {
        expected: `${end} bytes or more, as when it was opened`,
        received: start + filled,
      });
    filled += bytesRead;
  }
  return bytes;
}
