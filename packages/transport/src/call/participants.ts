import { defaultPermissions } from '@sluice/protocol';
import type { RemoteTrack, RemoteTrackState, RoomParticipant, SubscriptionState } from '../room/driver.ts';
import { type CustomKind, customTrackParts } from './track-name.ts';

export interface ParticipantMedia {
  readonly subscribed: SubscriptionState;
  /**
   * `receivable`: could be had. `loading`: wanted, nothing heard or seen yet. `playable`: media arrives. `interrupted`: it
   * should arrive and does not. `off`: not sent.
   */
  readonly state: RemoteTrackState;
  /** Why it is off. */
  readonly offReasons: readonly 'user'[];
}

export interface ParticipantInfo {
  readonly isLocal: boolean;
  readonly isOwner: boolean;
  /** ISO 8601. */
  readonly joinedAt: string;
  readonly userId: string;
  readonly userName: string;
}

/** Somebody in the call. */
export interface Participant {
  /** UUID. */
  readonly id: string;
  readonly info: ParticipantInfo;
  readonly media: {
    readonly microphone: ParticipantMedia;
    readonly screenAudio: ParticipantMedia;
    /** By track name. */
    readonly customAudio: Readonly<Record<string, ParticipantMedia>>;
    readonly camera: ParticipantMedia;
    readonly screenVideo: ParticipantMedia;
    /** By track name. */
    readonly customVideo: Readonly<Record<string, ParticipantMedia>>;
  };
}

/** `local` and one entry per remote participant id. */
export type Participants = { readonly local: Participant } & { readonly [id: string]: Participant };

/** `hidden` is always 0 in rooms without presence permissions. */
export interface ParticipantCounts {
  readonly present: number;
  readonly hidden: number;
}

/** Builds the public view of a participant from what the room says. */
export function describeParticipant(
  participant: RoomParticipant,
  isLocal: boolean,
  subscribed: (track: string) => SubscriptionState,
  state: (track: string) => RemoteTrackState,
): Participant {
  const { id, isOwner, joinedAt, userId, userName, tracks } = participant;
  const media = (name: string, track = tracks.find((other) => other.name === name)): ParticipantMedia => ({
    subscribed: isLocal ? 'unsubscribed' : subscribed(name),
    state: isLocal ? localState(track) : state(name),
    offReasons: track?.enabled === true ? [] : ['user'],
  });
  const custom = (kind: CustomKind): Record<string, ParticipantMedia> =>
    Object.fromEntries(
      tracks.flatMap((track) => {
        const parts = customTrackParts(track.name);
        return parts?.kind === kind ? [[parts.name, media(track.name, track)]] : [];
      }),
    );
  return {
    id,
    info: { isLocal, isOwner, joinedAt, userId, userName },
    media: {
      microphone: media('microphone'),
      screenAudio: media('screenAudio'),
      customAudio: custom('customAudio'),
      camera: media('camera'),
      screenVideo: media('screenVideo'),
      customVideo: custom('customVideo'),
    },
  };
}

/** Oneself outside a call. */
export function describeAlone(userName: string): Participant {
  const nobody = {
    id: '',
    userName,
    userId: '',
    isOwner: false,
    joinedAt: '',
    tracks: [],
    permissions: defaultPermissions,
    mutedRemotely: [],
  };
  return describeParticipant(
    nobody,
    true,
    () => 'unsubscribed',
    () => 'off',
  );
}

function localState(track: RemoteTrack | undefined): RemoteTrackState {
  return track?.enabled === true ? 'playable' : 'off';
}
