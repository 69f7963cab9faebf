import type { HostConnectionStats, ReceivedAudioStats, ReceivedVideoStats } from '../media-host.ts';
import { selectedPath } from './selected-path.ts';

/** The engine's statistics by their ids. */
export type StatsReport = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** An older report of the far side tells nothing: reports come every second, of audio every five. Milliseconds. */
const REPORT_MS = 12_000;

/**
 * The engine's statistics, summed over tracks, and of each received track.
 *
 * @param names of the received tracks by their media ids
 */
export function connectionStats(
  id: number,
  report: StatsReport,
  names: ReadonlyMap<string, string> = new Map(),
): HostConnectionStats {
  let roundTripTime: number | undefined;
  const videoCodecs = new Set<string>();
  const audio: ReceivedAudioStats[] = [];
  const video: ReceivedVideoStats[] = [];
  const total = {
    packetsReceived: 0,
    packetsLost: 0,
    packetsSent: 0,
    bytesReceived: 0,
    bytesSent: 0,
    videoPacketsReceived: 0,
    videoPacketsLost: 0,
    videoPacketsSent: 0,
    videoBytesReceived: 0,
    videoBytesSent: 0,
    concealedSamples: 0,
    concealmentEvents: 0,
    totalSamplesReceived: 0,
    jitterBufferDelay: 0,
    jitterBufferEmitted: 0,
    framesEncoded: 0,
    framesDecoded: 0,
    framesDropped: 0,
  };
  for (const entry of report.values()) {
    if (entry.type === 'inbound-rtp') {
      for (const key of ['packetsReceived', 'packetsLost', 'bytesReceived'] as const) total[key] += count(entry[key]);
      for (const key of ['framesDecoded', 'framesDropped'] as const) total[key] += count(entry[key]);
      const name = names.get(String(entry.mid));
      if (entry.kind === 'video') {
        video.push(receivedVideo(entry, name));
        total.videoPacketsReceived += count(entry.packetsReceived);
        total.videoPacketsLost += count(entry.packetsLost);
        total.videoBytesReceived += count(entry.bytesReceived);
        const codec = report.get(String(entry.codecId))?.mimeType;
        if (typeof codec === 'string') videoCodecs.add(codec.replace('video/', ''));
        continue;
      }
      const heard = receivedAudio(entry);
      for (const key of ['totalSamplesReceived', 'concealedSamples', 'concealmentEvents'] as const)
        total[key] += heard[key];
      if (name !== undefined) audio.push({ name, ...heard });
      total.jitterBufferDelay += count(entry.jitterBufferDelay);
      total.jitterBufferEmitted += count(entry.jitterBufferEmittedCount);
    } else if (entry.type === 'outbound-rtp') {
      for (const key of ['packetsSent', 'bytesSent', 'framesEncoded'] as const) total[key] += count(entry[key]);
      if (entry.kind !== 'video') continue;
      total.videoPacketsSent += count(entry.packetsSent);
      total.videoBytesSent += count(entry.bytesSent);
    } else if (entry.type === 'remote-inbound-rtp' && Number.isFinite(entry.roundTripTime)) {
      roundTripTime = Math.max(roundTripTime ?? 0, count(entry.roundTripTime));
    }
  }
  const path = selectedPath(report);
  return {
    id,
    ...total,
    sentLoss: sentLoss(report, () => true),
    videoSentLoss: sentLoss(report, (kind) => kind === 'video'),
    videoCodecs: [...videoCodecs].sort(),
    audio,
    video,
    ...(roundTripTime === undefined ? {} : { roundTripTime }),
    ...(path === undefined ? {} : { path }),
  };
}

function receivedAudio(entry: Readonly<Record<string, unknown>>): Omit<ReceivedAudioStats, 'name'> {
  const silentConcealedSamples = count(entry.silentConcealedSamples);
  return {
    packetsReceived: count(entry.packetsReceived),
    bytesReceived: count(entry.bytesReceived),
    totalSamplesReceived: count(entry.totalSamplesReceived),
    concealedSamples: count(entry.concealedSamples) - silentConcealedSamples,
    silentConcealedSamples,
    concealmentEvents: count(entry.concealmentEvents),
  };
}

function receivedVideo(entry: Readonly<Record<string, unknown>>, name = ''): ReceivedVideoStats {
  const pixels = count(entry.frameWidth) * count(entry.frameHeight);
  return { mid: String(entry.mid ?? ''), name, framesDecoded: count(entry.framesDecoded), pixels };
}

/** What the engine takes the path to carry, in bits per second; 0 before it knows. */
export function availableBitrate(report: StatsReport): number {
  let most = 0;
  for (const { type, availableOutgoingBitrate } of report.values())
    if (type === 'candidate-pair') most = Math.max(most, count(availableOutgoingBitrate));
  return most;
}

/** What the far side says it missed, of each track as much as it was sent of. */
function sentLoss(report: StatsReport, of: (kind: unknown) => boolean): number {
  let lost = 0;
  let sent = 0;
  for (const entry of report.values()) {
    if (entry.type !== 'remote-inbound-rtp' || !of(entry.kind)) continue;
    const track = report.get(String(entry.localId));
    if (count(track?.timestamp) - count(entry.timestamp) > REPORT_MS) continue;
    lost += Math.max(0, count(entry.fractionLost)) * count(track?.packetsSent);
    sent += count(track?.packetsSent);
  }
  return sent === 0 ? 0 : lost / sent;
}

function count(value: unknown): number {
  return Number.isFinite(value) ? Number(value) : 0;
}

/** The codec of each received video track by its media id: `VP8`. Those of which nothing came are missing. */
export function receivedCodecs(report: StatsReport): ReadonlyMap<string, string> {
  const codecs = new Map<string, string>();
  for (const { type, kind, mid, codecId } of report.values()) {
    if (type !== 'inbound-rtp' || kind !== 'video') continue;
    const codec = report.get(String(codecId))?.mimeType;
    if (typeof codec === 'string') codecs.set(String(mid), codec.replace('video/', ''));
  }
  return codecs;
}
