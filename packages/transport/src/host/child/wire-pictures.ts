import { type ColorSpace, colorSpaces, videoByteLength } from '@sluice/core';
import { fitsHost } from '../picture-limits.ts';
import { brokenWire, HEADER, wireKinds, withHeader } from './wire.ts';

/**
 * A picture for a video source, or of a connection's track (then with its name). Its bytes follow the name, unless they
 * are in shared memory at `offset`.
 */
export interface WirePicture {
  /** Of the source or the connection. */
  readonly id: number;
  readonly name: string;
  /** Given back in the receipt. */
  readonly serial: number;
  readonly width: number;
  readonly height: number;
  readonly colorSpace: ColorSpace;
  /** Undefined: the bytes are part of the message. */
  readonly offset: number | undefined;
  /** What follows the name. */
  readonly bytes: Buffer;
}

const PICTURE_HEADER = 28;
const NOT_SHARED = 0xffff_ffff;

/** The message up to the bytes of the picture, `following` of which are sent right behind it. */
export function encodePictureHead(picture: Omit<WirePicture, 'bytes'>, following: number): Buffer {
  const nameLength = Buffer.byteLength(picture.name);
  const buffer = Buffer.allocUnsafe(HEADER + PICTURE_HEADER + nameLength);
  buffer.writeUInt32LE(picture.id, HEADER);
  buffer.writeUInt32LE(picture.serial, HEADER + 4);
  buffer.writeUInt32LE(picture.width, HEADER + 8);
  buffer.writeUInt32LE(picture.height, HEADER + 12);
  buffer.writeUInt32LE(picture.offset ?? NOT_SHARED, HEADER + 16);
  buffer.writeUInt32LE(nameLength, HEADER + 20);
  buffer.writeUInt32LE(colorSpaces.indexOf(picture.colorSpace), HEADER + 24);
  buffer.write(picture.name, HEADER + PICTURE_HEADER);
  return withHeader(buffer, wireKinds.picture, following);
}

export function decodePicture(payload: Buffer): WirePicture {
  if (payload.length < PICTURE_HEADER) throw brokenWire('a picture of no length');
  const field = (index: number) => payload.readUInt32LE(index * 4);
  const [id, serial, width, height, place] = [field(0), field(1), field(2), field(3), field(4)];
  const start = PICTURE_HEADER + field(5);
  if (!fitsHost(width, height)) throw brokenWire('a picture of no valid size');
  const colorSpace = colorSpaces[field(6)];
  if (colorSpace === undefined) throw brokenWire('a picture of no colour space');
  const offset = place === NOT_SHARED ? undefined : place;
  const expected = offset === undefined ? videoByteLength({ width, height, format: 'I420' }) : 0;
  if (payload.length !== start + expected) throw brokenWire('a picture of another size than it says');
  const name = payload.toString('utf8', PICTURE_HEADER, start);
  return { id, name, serial, width, height, colorSpace, offset, bytes: payload.subarray(start) };
}

/** The receipt for a picture: its bytes were read. */
export function encodeTaken(serial: number): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER + 4);
  buffer.writeUInt32LE(serial, HEADER);
  return withHeader(buffer, wireKinds.taken);
}

export function decodeTaken(payload: Buffer): number {
  if (payload.length !== 4) throw brokenWire('a receipt of no valid length');
  return payload.readUInt32LE(0);
}
