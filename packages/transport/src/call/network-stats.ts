import type { HostConnectionStats } from '../host/media-host.ts';

/** Totals over all peer connections of a call, since each was made. */
export interface NetworkStats {
  readonly connections: number;
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Share of the packets that never arrived here, 0 to 1. */
  readonly receivePacketLoss: number;
  /** Share of the samples that the receiver had to invent, 0 to 1. */
  readonly concealment: number;
  /** Pictures that were encoded here, decoded here, and lost between network and decoder. */
  readonly framesEncoded: number;
  readonly framesDecoded: number;
  readonly framesDropped: number;
  /** Codecs that video is received in, each once, in order of the alphabet: `VP8`. */
  readonly videoCodecs: readonly string[];
  /** Slowest of the connections in milliseconds; null before the first measurement. */
  readonly roundTripMs: number | null;
  /** Slowest of the jitter buffers in milliseconds; null before the first measurement. */
  readonly jitterBufferMs: number | null;
  /** By loss received: up to 20 %, up to 35 %, more. */
  readonly threshold: 'good' | 'low' | 'veryLow';
}

/** Loss above which a connection is poor, and above which it is bad. */
const LOW = 0.2;
const VERY_LOW = 0.35;

export function networkStats(connections: readonly HostConnectionStats[]): NetworkStats {
  const sum = (pick: (stats: HostConnectionStats) => number) =>
    connections.reduce((total, one) => total + pick(one), 0);
  const max = (pick: (stats: HostConnectionStats) => number | undefined) => {
    const known = connections.map(pick).filter((value) => value !== undefined);
    return known.length === 0 ? null : Math.max(...known);
  };
  const packetsReceived = sum((one) => one.packetsReceived);
  const packetsLost = Math.max(
    0,
    sum((one) => one.packetsLost),
  );
  const receivePacketLoss = share(packetsLost, packetsReceived + packetsLost);
  return {
    connections: connections.length,
    packetsReceived,
    packetsSent: sum((one) => one.packetsSent),
    bytesReceived: sum((one) => one.bytesReceived),
    bytesSent: sum((one) => one.bytesSent),
    receivePacketLoss,
    concealment: share(
      sum((one) => one.concealedSamples),
      sum((one) => one.totalSamplesReceived),
    ),
    framesEncoded: sum((one) => one.framesEncoded),
    framesDecoded: sum((one) => one.framesDecoded),
    framesDropped: sum((one) => one.framesDropped),
    videoCodecs: [...new Set(connections.flatMap((one) => one.videoCodecs))].sort(),
    roundTripMs: max((one) => (one.roundTripTime === undefined ? undefined : one.roundTripTime * 1_000)),
    jitterBufferMs: max((one) => one.jitterBufferDelayMs),
    threshold: receivePacketLoss <= LOW ? 'good' : receivePacketLoss <= VERY_LOW ? 'low' : 'veryLow',
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
