// Boxes of MP4 files (ISO/IEC 14496-12): a size, a name and what they hold. Nothing of what that means.

import type { FileHandle } from 'node:fs/promises';

/** Of the index of a day of sound in packets of 20 ms there are 17 MB. */
const LARGEST_BOX = 64 * 1_024 * 1_024;
/** What stands before the index at most. */
const MOST_BOXES = 64;

/** A box on the outermost level of a file. */
interface OuterBox {
  readonly type: string;
  /** Of all of it, in bytes; of its beginning alone. */
  readonly size: number;
  readonly head: number;
}

/** What the first box of each name in that of the one before holds. */
export function first(box: Buffer, ...names: readonly string[]): Buffer | undefined {
  return names.reduce<Buffer | undefined>((outer, name) => outer && inside(outer, name)[0], box);
}

/** What boxes of a name in a box hold. */
export function inside(box: Buffer, name: string): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 8 <= box.length; ) {
    const size = box.readUInt32BE(at);
    if (size < 8) break;
    if (box.toString('latin1', at + 4, at + 8) === name) found.push(box.subarray(at + 8, at + size));
    at += size;
  }
  return found;
}

/** What the first box of a name on the outermost level holds. */
export async function boxOf(file: FileHandle, name: string): Promise<Buffer | undefined> {
  for (let at = 0, count = 0; count < MOST_BOXES; count++) {
    const box = await boxAt(file, at);
    if (box === undefined || box.size < box.head) return undefined;
    if (box.type === name) return contentOf(file, at, box);
    at += box.size;
  }
  return undefined;
}

/** Where the boxes of a name on the outermost level are; undefined if there are more boxes than `most`. */
export async function placesOf(file: FileHandle, name: string, most: number): Promise<readonly number[] | undefined> {
  const places: number[] = [];
  for (let at = 0, count = 0; count < most; count++) {
    const box = await boxAt(file, at);
    if (box === undefined || box.size < box.head) return places;
    if (box.type === name) places.push(at);
    at += box.size;
  }
  return undefined;
}

/** What the box at a place of a file holds; undefined where it is too large to be an index. */
export async function contentAt(file: FileHandle, position: number): Promise<Buffer | undefined> {
  const box = await boxAt(file, position);
  return box && contentOf(file, position, box);
}

async function contentOf(file: FileHandle, position: number, box: OuterBox): Promise<Buffer | undefined> {
  const length = box.size - box.head;
  if (length < 0 || length > LARGEST_BOX) return undefined;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position + box.head);
  return buffer.subarray(0, bytesRead);
}

/** The beginning of the box at a place of a file. */
export async function boxAt(file: FileHandle, position: number): Promise<OuterBox | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, position);
  if (bytesRead < 8) return undefined;
  const type = buffer.toString('latin1', 4, 8);
  const size = buffer.readUInt32BE(0);
  return size === 1 ? { type, size: Number(buffer.readBigUInt64BE(8)), head: 16 } : { type, size, head: 8 };
}
