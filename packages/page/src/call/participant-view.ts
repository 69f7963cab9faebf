import { trackKind } from '@sluice/protocol';
import type { ParticipantView, TrackView } from '../ui/call-view.ts';
import type { Network } from './network.ts';
import type { Peer } from './peer.ts';
import type { Sound } from './sound.ts';

/** Somebody else, as the page shows them. */
export function participantView(peer: Peer, network: Network | undefined, sound: Sound): ParticipantView {
  const { id, userName, isOwner, tracks } = peer.info;
  return {
    id,
    name: userName,
    isOwner,
    tracks: tracks.map(({ name }) => trackView(peer, name, sound)),
    network: network?.of(id) ?? 'good',
  };
}

/** What is to be played, by the key of each sound. */
export function heard(peers: Iterable<Peer>): ReadonlyMap<string, MediaStreamTrack> {
  const all = new Map<string, MediaStreamTrack>();
  for (const peer of peers)
    for (const { name } of peer.info.tracks) {
      const track = peer.track(name);
      const on = peer.trackState(name) !== 'off';
      if (on && track !== undefined && trackKind(name) === 'audio') all.set(soundKey(peer.info.id, name), track);
    }
  return all;
}

export function soundKey(participantId: string, track: string): string {
  return `${participantId}/${track}`;
}

function trackView(peer: Peer, name: string, sound: Sound): TrackView {
  const state = peer.trackState(name);
  const track = state === 'playable' ? peer.track(name) : undefined;
  return { name, kind: trackKind(name), state, track, ...sound.loudness(soundKey(peer.info.id, name)) };
}
