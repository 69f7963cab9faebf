import { readFileSync } from 'node:fs';

/** A packet of a recording of Janus. */
export interface RecordedPacket {
  /** Of the RTP header. */
  readonly timestamp: number;
  /** Since the recording began. */
  readonly arrivedMs: number;
}

/** Reads a recording as the VideoRoom makes them (MJR, version 2): what it says of itself, and behind it the packets as they came. */
export function readRecording(path: string): readonly RecordedPacket[] {
  const bytes = readFileSync(path);
  const packets: RecordedPacket[] = [];
  // Behind each mark four bytes of time, two of length, and the packet.
  for (let at = 10 + bytes.readUInt16BE(8); at + 10 < bytes.length; at += 10 + bytes.readUInt16BE(at + 8))
    packets.push({ arrivedMs: bytes.readUInt32BE(at + 4), timestamp: bytes.readUInt32BE(at + 14) });
  return packets;
}
