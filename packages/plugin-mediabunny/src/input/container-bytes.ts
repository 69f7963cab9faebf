import { CustomSource, type Source } from 'mediabunny';
import type { ReadBytes } from './read-bytes.ts';
import { mendWav, type SoundExtent } from './sound-extent.ts';

/** Bytes that are open for the library. */
export interface ContainerBytes {
  readonly source: Source;
  /** What a WAV file says of its sound; undefined for everything else. */
  readonly extent: SoundExtent | undefined;
  /** Gives back what was opened. May be called while a read is under way. */
  close(): void | Promise<void>;
}

/** Memory for bytes that were read, of which some are read again. */
const CACHE_BYTES = 4 * 1_024 * 1_024;

/** Bytes of a known size that can be read anywhere. */
export async function seekableBytes(
  size: number,
  read: ReadBytes,
  prefetchProfile: 'none' | 'fileSystem' | 'network',
  close: () => void | Promise<void>,
): Promise<ContainerBytes> {
  try {
    const { extent, mended } = await mendWav(size, read);
    const source = new CustomSource({
      getSize: () => size,
      read: mended,
      maxCacheSize: CACHE_BYTES,
      prefetchProfile,
      // A read ahead that failed is read again when it is needed, and fails there.
      handleUnhandledError: () => {},
    });
    return { source, extent, close };
  } catch (error) {
    await close();
    throw error;
  }
}
