/** The kinds of binary packets, by the number in their first byte. */
export const packetKinds = { sound: 1, peaks: 2, picture: 3 } as const;
/** What a packet may hold. */
export type PacketKind = keyof typeof packetKinds;

/** Bytes before the payload. A multiple of 8: typed arrays may stand right behind it. */
export const PACKET_HEAD_BYTES = 32;

/** Sound or a picture of a scoped link, as it stands in one binary message. */
export interface MediaPacket {
  /** Which form `payload` has. */
  readonly kind: PacketKind;
  /** The id that the scope was asked for with. */
  readonly scope: number;
  /** Of sound; 0 of pictures. */
  readonly channels: number;
  /** Samples, or pairs of peaks, in a second; the width of a picture. */
  readonly rate: number;
  /** Media time of the first sample, in microseconds. */
  readonly timestamp: number;
  /** How often the graph had been interrupted: another number begins a new stretch. */
  readonly epoch: number;
  /** Media missing right before it, in microseconds. */
  readonly gap: number;
  /** Interleaved s16 samples, pairs of lowest and highest sample, or RGBA. */
  readonly payload: Uint8Array;
}

/** Little-endian: kind u8, channels u8, scope u16, rate u32, timestamp f64, epoch u32, gap u32, 8 bytes free, payload. */
export function encodePacket(packet: MediaPacket): Uint8Array {
  const bytes = new Uint8Array(PACKET_HEAD_BYTES + packet.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, packetKinds[packet.kind]);
  view.setUint8(1, packet.channels);
  view.setUint16(2, packet.scope, true);
  view.setUint32(4, packet.rate, true);
  view.setFloat64(8, packet.timestamp, true);
  view.setUint32(16, packet.epoch, true);
  view.setUint32(20, Math.min(packet.gap, 0xffff_ffff), true);
  bytes.set(packet.payload, PACKET_HEAD_BYTES);
  return bytes;
}

/** Reads a packet; undefined for what is none, or of a kind that came later. */
export function decodePacket(buffer: ArrayBuffer): MediaPacket | undefined {
  if (buffer.byteLength < PACKET_HEAD_BYTES) return undefined;
  const view = new DataView(buffer);
  const kind = (Object.keys(packetKinds) as PacketKind[]).find((name) => packetKinds[name] === view.getUint8(0));
  if (kind === undefined) return undefined;
  return {
    kind,
    channels: view.getUint8(1),
    scope: view.getUint16(2, true),
    rate: view.getUint32(4, true),
    timestamp: view.getFloat64(8, true),
    epoch: view.getUint32(16, true),
    gap: view.getUint32(20, true),
    payload: new Uint8Array(buffer, PACKET_HEAD_BYTES),
  };
}
