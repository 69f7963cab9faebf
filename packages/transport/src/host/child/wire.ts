import { SluiceError } from '@sluice/core';

/**
 * What travels between a process and its media host, over one pipe in each direction: a header of 8 bytes (payload
 * length, kind), then the payload. Media is binary, control is JSON. Numbers are little-endian, as the machine's.
 */
export const wireKinds = { control: 0, write: 1, progress: 2, audio: 3, picture: 4, taken: 5 } as const;
export type WireKind = (typeof wireKinds)[keyof typeof wireKinds];

/** Bytes in front of each payload. */
export const HEADER = 8;
/** The longest payload in bytes; a longer one is a broken peer. */
const LONGEST_PAYLOAD = 64 * 1024 * 1024;
/** Rates that received sound may have, in Hz; our engine gives 48,000. */
const AUDIO_RATES = { min: 8_000, max: 192_000 } as const;
/** Doubles per source in a progress message: id and the seven counters. */
export const PROGRESS_FIELDS = 8;

export function encodeControl(message: object): Buffer {
  const text = JSON.stringify(message);
  const buffer = Buffer.allocUnsafe(HEADER + Buffer.byteLength(text));
  buffer.write(text, HEADER);
  return withHeader(buffer, wireKinds.control);
}

/** Samples for a source. */
export function encodeWrite(source: number, samples: Int16Array): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER + 8 + samples.byteLength);
  buffer.writeUInt32LE(source, HEADER);
  buffer.writeUInt32LE(0, HEADER + 4);
  bytesOf(samples).copy(buffer, HEADER + 8);
  return withHeader(buffer, wireKinds.write);
}

export function decodeWrite(payload: Buffer): { source: number; samples: Int16Array } {
  if (payload.length < 8) throw brokenWire('a write of no length');
  return { source: payload.readUInt32LE(0), samples: ownSamples(payload, 8) };
}

/** Rows of `PROGRESS_FIELDS` doubles. */
export function encodeProgress(values: readonly number[]): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER + values.length * 8);
  for (let index = 0; index < values.length; index++) buffer.writeDoubleLE(values[index]!, HEADER + index * 8);
  return withHeader(buffer, wireKinds.progress);
}

export function decodeProgress(payload: Buffer): Float64Array {
  if (payload.length % (PROGRESS_FIELDS * 8) !== 0) throw brokenWire('progress of no whole rows');
  const values = new Float64Array(payload.length / 8);
  payload.copy(Buffer.from(values.buffer));
  for (const value of values)
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) throw brokenWire('progress that counts nothing');
  return values;
}

export interface WireAudio {
  readonly connection: number;
  readonly name: string;
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly channels: number;
}

/** Bytes that the message of a piece of sound has at most: a character has up to three. */
export function longestAudio({ name, samples }: WireAudio): number {
  return HEADER + 12 + 3 * name.length + samples.byteLength;
}

/** Writes a piece of sound of a connection's track into `target`. Returns where the message ends. */
export function putAudio(audio: WireAudio, target: Buffer, start: number): number {
  const nameLength = target.write(audio.name, start + HEADER + 12);
  const length = 12 + nameLength + audio.samples.byteLength;
  target.writeUInt32LE(length, start);
  target.writeUInt32LE(wireKinds.audio, start + 4);
  target.writeUInt32LE(audio.connection, start + 8);
  target.writeUInt32LE(audio.sampleRate, start + 12);
  target.writeUInt16LE(audio.channels, start + 16);
  target.writeUInt16LE(nameLength, start + 18);
  bytesOf(audio.samples).copy(target, start + HEADER + 12 + nameLength);
  return start + HEADER + length;
}

export function encodeAudio(audio: WireAudio): Buffer {
  const buffer = Buffer.allocUnsafe(longestAudio(audio));
  return buffer.subarray(0, putAudio(audio, buffer, 0));
}

export function decodeAudio(payload: Buffer): WireAudio {
  if (payload.length < 12) throw brokenWire('audio of no length');
  const sampleRate = payload.readUInt32LE(4);
  const channels = payload.readUInt16LE(8);
  const start = 12 + payload.readUInt16LE(10);
  const isFormat = channels >= 1 && channels <= 2 && sampleRate >= AUDIO_RATES.min && sampleRate <= AUDIO_RATES.max;
  if (payload.length < start || !isFormat) throw brokenWire('audio of no valid format');
  if ((payload.length - start) % (2 * channels) !== 0) throw brokenWire('part of a frame of audio');
  return {
    connection: payload.readUInt32LE(0),
    sampleRate,
    channels,
    name: payload.toString('utf8', 12, start),
    samples: ownSamples(payload, start),
  };
}

/** Cuts what arrives into messages. Payloads are views that are valid during the call only. */
export class WireReader {
  readonly #take: (kind: WireKind, payload: Buffer) => void;
  #rest: Buffer[] = [];
  #length = 0;
  #wanted = HEADER;

  constructor(take: (kind: WireKind, payload: Buffer) => void) {
    this.#take = take;
  }

  /** Throws `SLUICE_HOST_PROTOCOL` for what is no message. */
  push(chunk: Buffer): void {
    this.#rest.push(chunk);
    this.#length += chunk.length;
    // A large message arrives in many pieces: they are joined once, when it is complete.
    if (this.#length < this.#wanted) return;
    const data = this.#rest.length === 1 ? chunk : Buffer.concat(this.#rest, this.#length);
    let start = 0;
    for (;;) {
      this.#length = data.length - start;
      this.#wanted = this.#length < HEADER ? HEADER : HEADER + checkedLength(data, start);
      if (this.#length < this.#wanted) break;
      const end = start + this.#wanted;
      this.#take(data[start + 4] as WireKind, data.subarray(start + HEADER, end));
      start = end;
    }
    this.#rest = this.#length === 0 ? [] : [data.subarray(start)];
  }
}

export function brokenWire(what: string): SluiceError {
  return new SluiceError(
    'SLUICE_HOST_PROTOCOL',
    `the media host and its parent do not understand each other: ${what}`,
    {
      fix: 'Build both from the same version',
    },
  );
}

function checkedLength(data: Buffer, start: number): number {
  const length = data.readUInt32LE(start);
  const kind = data[start + 4]!;
  if (length > LONGEST_PAYLOAD || kind > wireKinds.taken)
    throw brokenWire(`a message of kind ${kind} and ${length} bytes`);
  return length;
}

/** Fills in the header; `following` bytes of the payload are sent behind the buffer. */
export function withHeader(buffer: Buffer, kind: WireKind, following = 0): Buffer {
  buffer.writeUInt32LE(buffer.length - HEADER + following, 0);
  buffer.writeUInt32LE(kind, 4);
  return buffer;
}

function bytesOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** A copy in a buffer of its own: the engine refuses views, and what arrives is a view into a pool. */
function ownSamples(payload: Buffer, start: number): Int16Array {
  if ((payload.length - start) % 2 !== 0) throw brokenWire('half a sample');
  const from = payload.byteOffset + start;
  const length = (payload.length - start) / 2;
  // A slice is not filled with zeros before.
  if (from % 2 === 0) return new Int16Array(payload.buffer as ArrayBuffer, from, length).slice();
  const samples = new Int16Array(length);
  payload.copy(Buffer.from(samples.buffer), 0, start);
  return samples;
}
