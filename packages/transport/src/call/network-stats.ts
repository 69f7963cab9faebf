import type { TrackGlitches } from '../devices/track-glitches.ts';
import type { HostConnectionStats, NetworkPath } from '../host/media-host.ts';
import {
  type NetworkHistory,
  type NetworkReport,
  type NetworkThreshold,
  networkReport,
  noHistory,
  qualityOf,
  thresholdOf,
} from './network-report.ts';

/**
 * The network of a call. Counters are totals over its peer connections, since each was made. Shares, bit rates and the
 * jitter buffer are those of the last one to four seconds; `total` has the shares since the connections were made.
 */
export interface NetworkStats extends NetworkShares {
  /** Peer connections of the call. */
  readonly connections: number;
  /** How long a time the shares, the bit rates and the jitter buffer are of, in milliseconds; 0 before the first measurement. */
  readonly intervalMs: number;
  /** The shares since the connections were made. */
  readonly total: NetworkShares;
  /** Bit rate of what comes. */
  readonly receiveBitsPerSecond: number;
  /** Bit rate of what is sent. */
  readonly sendBitsPerSecond: number;
  /** Packets of media that came. */
  readonly packetsReceived: number;
  /** Packets of media that were sent to here and never came. */
  readonly packetsLost: number;
  /** Packets of media that were sent from here. */
  readonly packetsSent: number;
  /** Bytes of media that came. */
  readonly bytesReceived: number;
  /** Bytes of media that were sent. */
  readonly bytesSent: number;
  /** Sound that the receiver had to invent, in milliseconds, and how often it began to. Silence is none. */
  readonly concealedMs: number;
  /** How often the receiver began to invent sound. */
  readonly concealmentEvents: number;
  /**
   * Glitches of each track that this client has sent (edge `sender`) and received (`receiver`) in this call, in totals of
   * the call, with rates for an hour. What is received is measured every two seconds: a gap is counted within that time.
   */
  readonly glitches: readonly TrackGlitches[];
  /** Pictures that were encoded here, decoded here, and lost between network and decoder. */
  readonly framesEncoded: number;
  /** Pictures that were decoded here. */
  readonly framesDecoded: number;
  /** Pictures that were lost between network and decoder, or left out here as too large or too many. */
  readonly framesDropped: number;
  /** Codecs that video is received in, each once, in order of the alphabet: `VP8`. */
  readonly videoCodecs: readonly string[];
  /** The ways that media takes, one for each connection that has one: candidates, protocol, round trip, whether by a relay. */
  readonly paths: readonly NetworkPath[];
  /** Slowest of the connections in milliseconds; null before the first measurement. */
  readonly roundTripMs: number | null;
  /** Slowest of the jitter buffers in milliseconds; null while nothing is heard. */
  readonly jitterBufferMs: number | null;
  /**
   * Share of the packets sent that the far sides missed by their last reports, 0 to 1; of those connections that were sent
   * something. Reports come every second for video and every five for audio.
   */
  readonly sendPacketLoss: number;
  /** By the larger of both losses: up to 20 %, up to 35 %, more. Who is silent or muted loses nothing. */
  readonly threshold: NetworkThreshold;
  /** That of the measurement before. */
  readonly previousThreshold: NetworkThreshold;
  /** 100 without loss, 50 at 20 %, 0 from 40 % on, by the larger of both. */
  readonly quality: number;
  /** The same in the shape of the Daily SDK. */
  readonly stats: NetworkReport;
}

export interface NetworkShares {
  /** Share of the packets that never arrived here, 0 to 1. */
  readonly receivePacketLoss: number;
  /** Share of the samples that the receiver had to invent, 0 to 1. Silence, of somebody who is muted for example, is none. */
  readonly concealment: number;
}

/** Opus is decoded at 48 kHz, whatever was encoded: https://www.rfc-editor.org/rfc/rfc7587#section-4.1 */
const SAMPLES_PER_MS = 48;

/** What was measured at a time, in milliseconds of the clock. */
export interface NetworkMeasurement {
  readonly at: number;
  readonly connections: readonly HostConnectionStats[];
}

type Counter = {
  [K in keyof HostConnectionStats]-?: HostConnectionStats[K] extends number ? K : never;
}[Exclude<keyof HostConnectionStats, 'sentLoss' | 'videoSentLoss'>];

/** What two measurements tell; connections that are new count from their beginning. */
export function networkStats(
  now: NetworkMeasurement,
  before: NetworkMeasurement,
  history: NetworkHistory = noHistory,
): NetworkStats {
  const { connections } = now;
  const former = new Map(before.connections.map((one) => [one.id, one]));
  const total = (counter: Counter) => connections.reduce((sum, one) => sum + one[counter], 0);
  const delta = (one: HostConnectionStats, counter: Counter) => one[counter] - (former.get(one.id)?.[counter] ?? 0);
  const recent = (counter: Counter) => connections.reduce((sum, one) => sum + delta(one, counter), 0);
  const intervalMs = now.at - before.at;
  const perSecond = (bytes: number) => (intervalMs === 0 ? 0 : Math.round((8_000 * bytes) / intervalMs));
  const shares = sharesOf(recent);
  const sentLoss = (loss: 'sentLoss' | 'videoSentLoss', packets: Counter) =>
    share(
      connections.reduce((sum, one) => sum + one[loss] * delta(one, packets), 0),
      recent(packets),
    );
  const sendPacketLoss = sentLoss('sentLoss', 'packetsSent');
  const worse = Math.max(shares.receivePacketLoss, sendPacketLoss);
  const receiveBitsPerSecond = perSecond(recent('bytesReceived'));
  const sendBitsPerSecond = perSecond(recent('bytesSent'));
  return {
    connections: connections.length,
    intervalMs,
    ...shares,
    total: sharesOf(total),
    receiveBitsPerSecond,
    sendBitsPerSecond,
    sendPacketLoss,
    packetsReceived: total('packetsReceived'),
    packetsLost: total('packetsLost'),
    packetsSent: total('packetsSent'),
    bytesReceived: total('bytesReceived'),
    bytesSent: total('bytesSent'),
    concealedMs: total('concealedSamples') / SAMPLES_PER_MS,
    concealmentEvents: total('concealmentEvents'),
    glitches: [],
    framesEncoded: total('framesEncoded'),
    framesDecoded: total('framesDecoded'),
    framesDropped: total('framesDropped'),
    videoCodecs: [...new Set(connections.flatMap((one) => one.videoCodecs))].sort(),
    paths: connections.flatMap(({ path }) => path ?? []),
    roundTripMs: slowest(connections.map((one) => one.roundTripTime)),
    jitterBufferMs: slowest(
      connections.map((one) => {
        const emitted = delta(one, 'jitterBufferEmitted');
        return emitted === 0 ? undefined : delta(one, 'jitterBufferDelay') / emitted;
      }),
    ),
    threshold: thresholdOf(worse),
    previousThreshold: history.threshold,
    quality: qualityOf(worse),
    stats: networkReport(
      {
        timestamp: now.at,
        receiveBitsPerSecond,
        sendBitsPerSecond,
        videoRecvBitsPerSecond: perSecond(recent('videoBytesReceived')),
        videoSendBitsPerSecond: perSecond(recent('videoBytesSent')),
        totalRecvPacketLoss: shares.receivePacketLoss,
        totalSendPacketLoss: sendPacketLoss,
        videoRecvPacketLoss: lossOf(recent('videoPacketsLost'), recent('videoPacketsReceived')),
        videoSendPacketLoss: sentLoss('videoSentLoss', 'videoPacketsSent'),
      },
      history,
    ),
  };
}

/** Outside a call. */
export const noNetwork: NetworkStats = networkStats({ at: 0, connections: [] }, { at: 0, connections: [] });

function sharesOf(count: (counter: Counter) => number): NetworkShares {
  return {
    receivePacketLoss: lossOf(count('packetsLost'), count('packetsReceived')),
    concealment: share(count('concealedSamples'), count('totalSamplesReceived')),
  };
}

/** A packet that was given up and comes after all makes the number of lost ones fall. */
function lossOf(lost: number, received: number): number {
  return share(Math.max(0, lost), received + Math.max(0, lost));
}

/** In milliseconds, of seconds. */
function slowest(times: readonly (number | undefined)[]): number | null {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? null : 1_000 * Math.max(...known);
}

function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : part / whole;
}
