import type { NetworkPath, NetworkPathEnd } from '../media-host.ts';

type Entry = Readonly<Record<string, unknown>>;

/** The way that ICE chose, by the transport's own word: of pairs that work there are several. Undefined before it has. */
export function selectedPath(report: ReadonlyMap<string, Entry>): NetworkPath | undefined {
  const pair = entryOf(report, [...report.values()].find(({ type }) => type === 'transport')?.selectedCandidatePairId);
  const local = entryOf(report, pair?.localCandidateId);
  const remote = entryOf(report, pair?.remoteCandidateId);
  if (pair === undefined || local === undefined || remote === undefined) return undefined;
  const ends = { local: endOf(local), remote: endOf(remote) };
  return {
    ...ends,
    protocol: String(local.relayProtocol ?? local.protocol),
    relayed: ends.local.type === 'relay' || ends.remote.type === 'relay',
    roundTripMs: roundTripMs(pair),
  };
}

/** The engine says zero until the far side has answered a check of this pair. */
function roundTripMs({ responsesReceived, currentRoundTripTime }: Entry): number | null {
  const known = Number(responsesReceived) > 0 && Number.isFinite(currentRoundTripTime);
  return known ? 1_000 * Number(currentRoundTripTime) : null;
}

function entryOf(report: ReadonlyMap<string, Entry>, id: unknown): Entry | undefined {
  return typeof id === 'string' ? report.get(id) : undefined;
}

/** The engine hides an address that the far side did not tell of itself. */
function endOf({ candidateType, address, port }: Entry): NetworkPathEnd {
  return { type: String(candidateType), address: String(address ?? ''), port: Number(port) || 0 };
}
