import { toError } from '@sluice/core';
import type {
  CallMember,
  CallParticipant,
  CallPath,
  CallPathEnd,
  CallSample,
  CallTrack,
  CallTrackRow,
  InspectedCall,
} from '../protocol/calls.ts';

/**
 * What a call tells now. One that cannot be asked any more says why: looking never throws.
 *
 * @param media whether addresses are told, which may be somebody's
 */
export function callSample(call: number, name: string, asked: InspectedCall, media: boolean): CallSample {
  try {
    const stats = asked.getNetworkStats();
    return {
      call,
      name,
      state: asked.callState,
      members: Object.values(asked.participants()).map(memberOf),
      threshold: stats.threshold,
      network: figuresOf(stats),
      paths: (stats.paths ?? []).map((path) => pathOf(path, media)),
      gaps: stats.glitches.map(({ edge, track, participantId, gaps, gapMs, concealedMs, playedMs }) => ({
        edge,
        track,
        participantId,
        gaps,
        gapMs,
        concealedMs,
        playedMs,
      })),
    };
  } catch (error) {
    const fault = toError(error).message;
    return { call, name, state: asked.callState, members: [], threshold: '', network: {}, paths: [], gaps: [], fault };
  }
}

function pathOf({ protocol, relayed, roundTripMs, local, remote }: CallPath, media: boolean): CallPath {
  return { protocol, relayed, roundTripMs, local: endOf(local, media), remote: endOf(remote, media) };
}

function endOf({ type, address, port }: CallPathEnd, media: boolean): CallPathEnd {
  return media ? { type, address, port } : { type, address: '', port: 0 };
}

function memberOf({ id, info, media }: CallParticipant): CallMember {
  const { customAudio, customVideo, ...single } = media;
  const custom = (kind: string, tracks: Readonly<Record<string, CallTrack>>) =>
    Object.entries(tracks).map(([name, track]) => trackRow(`${kind}.${name}`, track));
  return {
    id,
    name: info.userName,
    local: info.isLocal,
    owner: info.isOwner,
    tracks: [
      ...Object.entries(single).map(([name, track]) => trackRow(name, track)),
      ...custom('customAudio', customAudio),
      ...custom('customVideo', customVideo),
    ],
  };
}

function trackRow(name: string, { state, subscribed, offReasons }: CallTrack): CallTrackRow {
  return { name, state, wanted: subscribed !== 'unsubscribed', offReasons };
}

/** Numbers and words by their names, lists of words as one; what is deeper has a place of its own, or none. */
function figuresOf(stats: object): Record<string, number | string | null> {
  const figures: Record<string, number | string | null> = {};
  for (const [name, value] of Object.entries(stats)) {
    if (typeof value === 'number' || typeof value === 'string' || value === null) figures[name] = value;
    else if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'))
      figures[name] = value.join(', ');
  }
  return figures;
}
