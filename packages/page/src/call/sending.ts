import { maySend, type Permissions, type RoomTrackInfo, trackKind } from '@sluice/protocol';
import type { InputKind } from '../ui/call-view.ts';

/** Tracks of ours by name; null while one is off. */
export type OwnTracks = ReadonlyMap<string, MediaStreamTrack | null>;

/** Whether the room lets us send an input. Before it has said anything it does. */
export function allowsInput(permissions: Permissions | undefined, kind: InputKind): boolean {
  return permissions === undefined || maySend(permissions, kind === 'screen' ? 'screenVideo' : kind);
}

/** What of our tracks the room lets us send. */
export function allowedTracks(permissions: Permissions | undefined, tracks: OwnTracks): OwnTracks {
  if (permissions === undefined) return tracks;
  return new Map([...tracks].filter(([name]) => maySend(permissions, name)));
}

/** What the others are told of our tracks. */
export function announcement(tracks: OwnTracks): RoomTrackInfo[] {
  return [...tracks].map(([name, track]) => ({
    name,
    enabled: track !== null,
    // A picture that does not change may pause.
    continuous: track !== null && trackKind(name) === 'audio',
    // A screen is nobody speaking.
    ignoreLevel: name === 'screenAudio',
  }));
}
