// The file of a session: its header, its records, how they are written and read. Bytes and JSON; nothing here knows what
// the records mean.

/** Kinds of records. The place in the list is the number in the file; a reader skips numbers that it does not know. */
export const recordTypes = ['input', 'clock', 'control', 'random', 'output', 'inspect'] as const;
/** Types of the records in a session file. */
export type RecordType = (typeof recordTypes)[number];

/** A record of a session, as it stands in the file. */
export interface SessionRecord {
  /** Its place in the file, from 1; unknown ones are counted too. */
  readonly index: number;
  /**
   * What it is of: something that came in, the clock, a command, chance, something that went out, an inspector's
   * message.
   */
  readonly type: RecordType;
  /** What it says, as the type has it. */
  readonly json: SessionJson;
  /** Samples, pixels or other bytes that the JSON speaks of. Empty where there are none. */
  readonly bytes: Uint8Array;
}

/** A JSON object. */
export interface SessionJson {
  readonly [key: string]: unknown;
}

/** The most that a record may have, in bytes: a picture of 4096 x 4096 in RGBA. */
export const MOST_RECORD_BYTES = 64 * 2 ** 20 + 4_096;

/** Length, type, and length of the JSON: `u32 length, u8 type, u32 jsonLength`, little endian, length without itself. */
export const RECORD_HEAD_BYTES = 9;

/** A record as bytes of its own: `json` and `parts` are copied. */
export function encodeRecord(type: RecordType, json: string, parts: readonly Uint8Array[]): Buffer {
  const jsonBytes = Buffer.byteLength(json);
  const total = parts.reduce((sum, part) => sum + part.byteLength, RECORD_HEAD_BYTES + jsonBytes);
  const record = Buffer.allocUnsafe(total);
  record.writeUInt32LE(total - 4, 0);
  record[4] = recordTypes.indexOf(type) + 1;
  record.writeUInt32LE(jsonBytes, 5);
  record.write(json, RECORD_HEAD_BYTES);
  let at = RECORD_HEAD_BYTES + jsonBytes;
  for (const part of parts) {
    record.set(part, at);
    at += part.byteLength;
  }
  return record;
}
