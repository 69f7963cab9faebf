import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { containerError, writingError } from '../errors.ts';
import { fileIdentity, isBeingRead } from '../input/files-being-read.ts';
import type { ByteTarget } from './byte-target.ts';

/** Creates a file, or opens one, which keeps what it has until the first bytes come. */
export async function openFileTarget(path: string): Promise<ByteTarget> {
  const failed = (cause: unknown) => {
    throw writingError(path, cause);
  };
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | (constants.O_NONBLOCK ?? 0), 0o666).catch(
    failed,
  );
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw containerError('SLUICE_CONTAINER_WRITE', `${path} is no regular file`, {
      fix: 'Into a pipe or a device write by a stream: createWriteStream(path)',
    });
  }
  const close = () => handle.close().catch(failed);
  return {
    name: path,
    path,
    seekable: true,
    begin: async () => {
      if (isBeingRead(fileIdentity(stat)))
        throw containerError('SLUICE_CONTAINER_WRITE', `${path} would be overwritten while it is read`, {
          fix: 'Write to another file, and rename it when both are finished',
        });
      await handle.truncate(0).catch(failed);
    },
    write: async (bytes, position) => {
      // A disk that is nearly full takes a part: the rest is written again, until it says why not.
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at).catch(failed);
        at += bytesWritten;
      }
    },
    end: close,
    abort: close,
  };
}
