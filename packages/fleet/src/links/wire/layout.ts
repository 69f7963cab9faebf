// What crosses the network of a remote link, byte by byte: docs/remote-links.md has the tables. Little endian. No network, no clock
// and no graph.

/** The first byte of every message. */
export const MAGIC = 0x73;
/** The form that is written and read here. */
export const VERSION = 1;
/** Bytes before the utterance and payload of a frame. */
export const HEADER_BYTES = 64;
/** The most bytes of several frames in one message. The client of NATS copies twice and thrice what comes in two reads of 64 KiB: more gains nothing. */
export const MOST_TOGETHER = 16 * 1024;
/** What no version changes: magic, version, kind, a byte, and whose message it is. */
export const PREFIX_BYTES = 8;

/** What a message is. Frames are below 16, what a sender says of itself below 32. */
export const MessageKind = {
  audio: 1,
  video: 2,
  data: 3,
  part: 4,
  beat: 16,
  fail: 17,
  credit: 32,
  bye: 33,
  refuse: 34,
} as const;

/** Where the fields of a frame stand. */
export const At = {
  magic: 0,
  version: 1,
  kind: 2,
  gapReason: 3,
  session: 4,
  sequence: 8,
  epoch: 16,
  voids: 20,
  timestamp: 24,
  gap: 32,
  payload: 40,
  utterance: 44,
  format: 46,
  colorSpace: 47,
  rateOrWidth: 48,
  maskOrHeight: 52,
  duration: 56,
} as const;

/** Writes a whole number up to 2^53, as 64 bits. */
export function setUint53(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
}

/** Reads what `setUint53` wrote; more than 2^53 is no whole number any more, and is refused by whoever counts. */
export function getUint53(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}

/** The version that a message is of; undefined for what is none of a remote link. */
export function versionOf(bytes: Uint8Array): number | undefined {
  return bytes.length >= PREFIX_BYTES && bytes[At.magic] === MAGIC ? bytes[At.version] : undefined;
}

/** Whose message it is, of any version. */
export function sessionOf(bytes: Uint8Array): number {
  const at = At.session;
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
