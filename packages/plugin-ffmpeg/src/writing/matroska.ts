// Sound and pictures as a stream of Matroska, uncompressed: a pipe that says when each is. No process.
//
// Elements and their numbers: RFC 9559, sizes and identities: RFC 8794.

import type { ColorSpace } from '@sluice/core';

/** s16, interleaved. */
export interface SoundTrack {
  readonly kind: 'audio';
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
}

/** I420, rows without padding. */
export interface PictureTrack {
  readonly kind: 'video';
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  readonly colorSpace: ColorSpace;
}

export type Track = SoundTrack | PictureTrack;

const utf8 = new TextEncoder();
/** Of a tick in nanoseconds: times are in microseconds, as those of frames. */
const TICK_NS = 1_000;
const UNKNOWN_SIZE = Uint8Array.of(0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
/** ISO/IEC 23091-2: 6 is BT.601, 1 is BT.709. */
const matrices: Readonly<Record<ColorSpace, number>> = { bt601: 6, 'bt601-full': 6, bt709: 1, 'bt709-full': 1 };

/** What a stream begins with. Tracks have the numbers 1, 2, … in their order. */
export function matroskaHead(tracks: readonly Track[]): Uint8Array {
  const head = element(
    0x1a45dfa3,
    element(0x4282, utf8.encode('matroska')),
    element(0x4287, uint(4)),
    element(0x4285, uint(2)),
  );
  const info = element(0x1549a966, element(0x2ad7b1, uint(TICK_NS)));
  return concatBytes([head, id(0x18538067), UNKNOWN_SIZE, info, element(0x1654ae6b, ...tracks.map(entry))]);
}

/** What stands before the bytes of a frame, whose time and duration are in microseconds. */
export function matroskaFrame(track: number, time: number, duration: number, bytes: number): Uint8Array {
  const block = Uint8Array.of(0x80 | track, 0, 0, 0);
  const group = [element(0x9b, uint(duration)), id(0xa1), size(block.length + bytes), block];
  // A cluster of its own: times within one reach 33 ms only.
  const cluster = [element(0xe7, uint(time)), id(0xa0), size(lengthOf(group) + bytes), ...group];
  return concatBytes([id(0x1f43b675), size(lengthOf(cluster) + bytes), ...cluster]);
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, one) => sum + one.length, 0);
}

function entry(track: Track, index: number): Uint8Array {
  const number = [element(0xd7, uint(index + 1)), element(0x73c5, uint(index + 1)), element(0x9c, uint(0))];
  if (track.kind === 'audio')
    return element(
      0xae,
      ...number,
      element(0x83, uint(2)),
      element(0x86, utf8.encode('A_PCM/INT/LIT')),
      element(
        0xe1,
        element(0xb5, float(track.sampleRate)),
        element(0x9f, uint(track.channels)),
        element(0x6264, uint(16)),
      ),
    );
  const { width, height, colorSpace } = track;
  const range = colorSpace.endsWith('-full') ? 2 : 1;
  return element(
    0xae,
    ...number,
    element(0x83, uint(1)),
    element(0x86, utf8.encode('V_UNCOMPRESSED')),
    element(
      0xe0,
      element(0xb0, uint(width)),
      element(0xba, uint(height)),
      element(0x2eb524, utf8.encode('I420')),
      element(0x55b0, element(0x55b1, uint(matrices[colorSpace])), element(0x55b9, uint(range))),
    ),
  );
}

function element(name: number, ...content: readonly Uint8Array[]): Uint8Array {
  return concatBytes([id(name), size(lengthOf(content)), ...content]);
}

function id(name: number): Uint8Array {
  const bytes = uint(name);
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0));
}

/** In eight bytes, whatever it is. */
function size(length: number): Uint8Array {
  const bytes = uint(length);
  bytes[0] = 0x01;
  return bytes;
}

function uint(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function float(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

/** One after the other. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const one of parts) {
    bytes.set(one, at);
    at += one.length;
  }
  return bytes;
}
