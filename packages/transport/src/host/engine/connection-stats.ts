import type { HostConnectionStats } from '../media-host.ts';

type Report = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** The engine's statistics, summed over tracks. */
export function connectionStats(id: number, report: Report): HostConnectionStats {
  let roundTripTime: number | undefined;
  const videoCodecs = new Set<string>();
  const total = {
    packetsReceived: 0,
    packetsLost: 0,
    packetsSent: 0,
    bytesReceived: 0,
    bytesSent: 0,
    concealedSamples: 0,
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
      if (entry.kind === 'video') {
        const codec = report.get(String(entry.codecId))?.mimeType;
        if (typeof codec === 'string') videoCodecs.add(codec.replace('video/', ''));
        continue;
      }
      total.totalSamplesReceived += count(entry.totalSamplesReceived);
      total.concealedSamples += count(entry.concealedSamples) - count(entry.silentConcealedSamples);
      total.jitterBufferDelay += count(entry.jitterBufferDelay);
      total.jitterBufferEmitted += count(entry.jitterBufferEmittedCount);
    } else if (entry.type === 'outbound-rtp') {
      for (const key of ['packetsSent', 'bytesSent', 'framesEncoded'] as const) total[key] += count(entry[key]);
    } else if (entry.type === 'remote-inbound-rtp' && typeof entry.roundTripTime === 'number') {
      roundTripTime = Math.max(roundTripTime ?? 0, entry.roundTripTime);
    }
  }
  return {
    id,
    ...total,
    videoCodecs: [...videoCodecs].sort(),
    ...(roundTripTime === undefined ? {} : { roundTripTime }),
  };
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** The codec of each received video track by its media id: `VP8`. Those of which nothing came are missing. */
export function receivedCodecs(report: Report): ReadonlyMap<string, string> {
  const codecs = new Map<string, string>();
  for (const { type, kind, mid, codecId } of report.values()) {
    if (type !== 'inbound-rtp' || kind !== 'video') continue;
    const codec = report.get(String(codecId))?.mimeType;
    if (typeof codec === 'string') codecs.set(String(mid), codec.replace('video/', ''));
  }
  return codecs;
}
