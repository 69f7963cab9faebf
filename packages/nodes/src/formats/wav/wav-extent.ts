import type { SluiceError } from '@sluice/core';
import { chunkHead, chunkLength, longestTrailer, trailingChunks } from './wav-chunks.ts';
import type { WavHeader } from './wav-header.ts';
import { leftOut, shortRiff, twoSizes } from './wav-reports.ts';

/** Reads bytes of the file: fewer than `length` only at its end. */
export type ReadAt = (position: number, length: number) => Promise<Uint8Array>;

/** How much of a file is audio. */
export interface WavExtent {
  /** Bytes of audio, from the header's `dataOffset`. */
  readonly bytes: number;
  /** Bytes that the header announces and the file does not have. */
  readonly missing: number;
  /** Whether chunks begin where the audio ends. */
  readonly trailer: boolean;
  /** What the header says and the file contradicts. */
  readonly doubts: readonly SluiceError[];
}

/**
 * Finds the end of the audio. The size of the `data` chunk is believed where the file has as many bytes. If it has not,
 * or the writer did not know, everything up to the end is audio, but for whole chunks right before the end.
 */
export async function wavExtent(header: WavHeader, fileBytes: number, readAt: ReadAt): Promise<WavExtent> {
  const { dataOffset, dataBytes = header.perhapsBytes } = header;
  const present = Math.max(fileBytes - dataOffset, 0);
  const doubts = twoSizes(header);
  if (dataBytes !== undefined && dataBytes > 0 && dataBytes <= present) {
    const unknown = await unclaimed(dataOffset + dataBytes, fileBytes, readAt);
    if (unknown > 0) doubts.push(leftOut(unknown));
    return { bytes: dataBytes, missing: 0, trailer: false, doubts };
  }
  const end = Math.max(await containerEnd(header, fileBytes, readAt), dataOffset);
  if (end > (header.riffEnd ?? end)) doubts.push(shortRiff(end - header.riffEnd!));
  const bytes = await untilChunks(dataOffset, end, readAt);
  const missing = Math.max((header.dataBytes ?? 0) - bytes, 0);
  return { bytes, missing, trailer: dataOffset + bytes < end, doubts };
}

/** Where the audio and what follows it end: where the header says it, unless the file goes on with no more chunks. */
async function containerEnd({ riffEnd }: WavHeader, fileBytes: number, readAt: ReadAt): Promise<number> {
  if (riffEnd === undefined || riffEnd >= fileBytes) return fileBytes;
  return (await unclaimed(riffEnd, fileBytes, readAt)) === 0 ? riffEnd : fileBytes;
}

/** Bytes of audio between `start` and `end`, without the chunks behind it. */
async function untilChunks(start: number, end: number, readAt: ReadAt): Promise<number> {
  if ((await unclaimed(start, end, readAt)) === 0) return 0;
  const from = Math.max(start, end - longestTrailer);
  return from + trailingChunks(await readAt(from, end - from)) - start;
}

/** No file has as many chunks; a damaged one may seem to. */
const MOST_CHUNKS = 1_000;

/** Bytes between `start` and `end` that are behind the last whole chunk, and no tag of a music player either. */
async function unclaimed(start: number, end: number, readAt: ReadAt): Promise<number> {
  let position = start;
  for (let chunk = 0; chunk < MOST_CHUNKS && position < end; chunk++) {
    // Some writers leave the padding of odd audio out.
    const odd = chunk === 0 && position % 2 === 1;
    const head = await readAt(position, Math.min(chunkHead + 1, end - position));
    const [padded, plain] = [odd ? chunkLength(head, 1) : undefined, chunkLength(head, 0)];
    if (padded !== undefined && position + 1 + padded <= end + 1) position += 1 + padded;
    else if (plain !== undefined && position + plain <= end + 1) position += plain;
    else if (isTag(head) || (odd && position + 1 === end)) return 0;
    else break;
  }
  return Math.max(end - position, 0);
}

function isTag(head: Uint8Array): boolean {
  const name = String.fromCharCode(...head);
  return name.startsWith('TAG') || name.startsWith('APETAGEX') || name.startsWith('ID3');
}
