// Sound and pictures out of a stream of Matroska as ffmpeg writes it, uncompressed, while it comes. No process.
//
// Elements and their numbers: RFC 9559, sizes and identities: RFC 8794.

import type { PictureTrack, SoundTrack } from '../writing/matroska.ts';

/** What a stream has, and what of it is told. */
export type ReadTrack = SoundTrack | Omit<PictureTrack, 'colorSpace'>;

/** Who is told, in the order of the stream. */
export interface MatroskaListener {
  /** All tracks, once, before the first block. */
  tracks(tracks: readonly ReadTrack[]): void;
  /**
   * Samples or a picture, shown from `timeMs` on, which may be negative.
   *
   * @param bytes Good until the call returns.
   */
  block(track: ReadTrack, timeMs: number, bytes: Uint8Array): void;
}

const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const BLOCK_GROUP = 0xa0;
const INFO = 0x1549a966;
const TIMESTAMP_SCALE = 0x2ad7b1;
const TRACKS = 0x1654ae6b;
const TIMESTAMP = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const BLOCK = 0xa1;
/** What is not read as a whole: what is in it comes as if it stood beside it. */
const entered: ReadonlySet<number> = new Set([SEGMENT, INFO, CLUSTER, BLOCK_GROUP]);
const wanted: ReadonlySet<number> = new Set([TIMESTAMP_SCALE, TRACKS, TIMESTAMP, SIMPLE_BLOCK, BLOCK]);
/** An identity and a size, in bytes. */
const LONGEST_HEAD = 12;
/** Of an element that is read as a whole, in bytes: a picture of 8192x4320. */
const LARGEST = 64 * 2 ** 20;

/** Takes pieces of any size. */
export class MatroskaReader {
  readonly #listener: MatroskaListener;
  readonly #largest: number;
  readonly #head = new Uint8Array(LONGEST_HEAD);
  #headLength = 0;
  /** Of the element that is being read: left to skip, or to fill in. */
  #skip = 0;
  #name = 0;
  #content: Uint8Array | undefined;
  #filled = 0;
  #tickMs = 1;
  /** In ticks. */
  #cluster = 0;
  readonly #tracks = new Map<number, ReadTrack>();

  /** @param largest The largest element that is read as a whole, in bytes: memory for it is taken as soon as it begins. */
  constructor(listener: MatroskaListener, largest = LARGEST) {
    this.#listener = listener;
    this.#largest = largest;
  }

  /** @throws RangeError for what is no Matroska, or an element that is too large */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const rest = bytes.subarray(at);
      if (this.#content !== undefined) at += this.#fill(this.#content, rest);
      else if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, rest.length);
        this.#skip -= skipped;
        at += skipped;
      } else at += this.#readHead(rest);
    }
  }

  #fill(content: Uint8Array, bytes: Uint8Array): number {
    const part = bytes.subarray(0, content.length - this.#filled);
    content.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled === content.length) {
      this.#content = undefined;
      this.#element(this.#name, content);
    }
    return part.length;
  }

  /** Adds bytes to the head until it is whole; returns how many. */
  #readHead(bytes: Uint8Array): number {
    for (const [taken, byte] of bytes.subarray(0, LONGEST_HEAD - this.#headLength).entries()) {
      this.#head[this.#headLength++] = byte;
      const idLength = lengthOfNumber(this.#head[0]);
      if (this.#headLength <= idLength) continue;
      const sizeLength = lengthOfNumber(this.#head[idLength]);
      if (this.#headLength < idLength + sizeLength) continue;
      this.#begin(idLength);
      return taken + 1;
    }
    if (this.#headLength === LONGEST_HEAD) throw new RangeError('not Matroska: an element has no size');
    return bytes.length;
  }

  #begin(idLength: number): void {
    const head = this.#head.subarray(0, this.#headLength);
    this.#headLength = 0;
    const name = uintOf(head.subarray(0, idLength));
    if (entered.has(name)) return;
    const size = sizeOf(head.subarray(idLength));
    if (!wanted.has(name)) {
      this.#skip = size;
      return;
    }
    if (size > this.#largest) throw new RangeError(`an element of Matroska has ${size} bytes`);
    this.#name = name;
    this.#content = new Uint8Array(size);
    this.#filled = 0;
  }

  #element(name: number, content: Uint8Array): void {
    if (name === TIMESTAMP_SCALE) this.#tickMs = uintOf(content) / 1e6;
    else if (name === TIMESTAMP) this.#cluster = uintOf(content);
    else if (name === TRACKS) this.#readTracks(content);
    else this.#block(content);
  }

  #block(content: Uint8Array): void {
    const numberLength = lengthOfNumber(content[0]);
    if (content.length < numberLength + 3) throw new RangeError('not Matroska: a block is too short');
    const track = this.#tracks.get(sizeOf(content.subarray(0, numberLength)));
    if (track === undefined) return;
    const time = new DataView(content.buffer, content.byteOffset + numberLength, 2).getInt16(0);
    this.#listener.block(track, (this.#cluster + time) * this.#tickMs, content.subarray(numberLength + 3));
  }

  #readTracks(content: Uint8Array): void {
    for (const [name, entry] of children(content)) {
      if (name !== 0xae) continue;
      const found = new Map(children(entry));
      const number = uintOf(required(found, 0xd7));
      const sound = found.get(0xe1);
      const pictures = found.get(0xe0);
      if (sound !== undefined) this.#tracks.set(number, soundTrack(new Map(children(sound))));
      if (pictures !== undefined) this.#tracks.set(number, pictureTrack(new Map(children(pictures))));
    }
    this.#listener.tracks([...this.#tracks.values()]);
  }
}

function soundTrack(found: ReadonlyMap<number, Uint8Array>): ReadTrack {
  const channels = found.get(0x9f);
  return {
    kind: 'audio',
    sampleRate: floatOf(required(found, 0xb5)),
    channels: channels === undefined ? 1 : uintOf(channels),
  };
}

function pictureTrack(found: ReadonlyMap<number, Uint8Array>): ReadTrack {
  return { kind: 'video', width: uintOf(required(found, 0xb0)), height: uintOf(required(found, 0xba)) };
}

function required(found: ReadonlyMap<number, Uint8Array>, name: number): Uint8Array {
  const content = found.get(name);
  if (content === undefined) throw new RangeError(`not Matroska: a track has no ${name.toString(16)}`);
  return content;
}

function* children(content: Uint8Array): Generator<readonly [name: number, content: Uint8Array]> {
  for (let rest = content; rest.length > 0; ) {
    const name = cut(rest, lengthOfNumber(rest[0]));
    rest = rest.subarray(name.length);
    const size = cut(rest, lengthOfNumber(rest[0]));
    rest = rest.subarray(size.length);
    const child = cut(rest, sizeOf(size));
    yield [uintOf(name), child];
    rest = rest.subarray(child.length);
  }
}

/** The first bytes. @throws RangeError if there are fewer */
function cut(bytes: Uint8Array, length: number): Uint8Array {
  if (length > bytes.length) throw new RangeError('not Matroska: an element ends behind the one that it is in');
  return bytes.subarray(0, length);
}

/** Bytes of a number whose first byte says how long it is. @throws RangeError for one that does not */
function lengthOfNumber(first: number | undefined): number {
  if (first === undefined || first === 0) throw new RangeError('not Matroska: a number has no length');
  return Math.clz32(first) - 23;
}

/** The number without the bit that says its length. */
function sizeOf(bytes: Uint8Array): number {
  const first = bytes[0]! - 2 ** (8 - bytes.length);
  return bytes.subarray(1).reduce((value, byte) => value * 256 + byte, first);
}

/** @throws RangeError for one of more than 8 bytes */
function uintOf(bytes: Uint8Array): number {
  if (bytes.length > 8) throw new RangeError('not Matroska: a number has no valid length');
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

function floatOf(bytes: Uint8Array): number {
  if (bytes.length !== 4 && bytes.length !== 8) throw new RangeError('not Matroska: a number has no valid length');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return bytes.length === 4 ? view.getFloat32(0) : view.getFloat64(0);
}
