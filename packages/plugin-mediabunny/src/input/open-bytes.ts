import { type ContainerBytes, seekableBytes } from './container-bytes.ts';

/** Bytes that are in memory. */
export function openBytes(bytes: Uint8Array): Promise<ContainerBytes> {
  const read = async (start: number, end: number) => bytes.subarray(start, end);
  return seekableBytes(bytes.length, read, 'none', () => {});
}
