import { defaultPermissions, mayReceive, maySend, type Permissions } from '@sluice/protocol';
import type { RemoteTrack, RemoteTrackState, RoomParticipant, SubscriptionState } from '../room/driver.ts';
import { type CustomKind, customTrackParts } from './track-name.ts';

/** Why media of somebody may not arrive. */
export const offReasons = ['user', 'bandwidth', 'sendPermission', 'receivePermission', 'remoteMute'] as const;
/**
 * `user`: its owner turned it off, or never on. `remoteMute`: somebody else turned it off. `sendPermission`: its owner
 * may not send it. `receivePermission`: this client may not have it. `bandwidth`: of servers that choose what they pass
 * on; embedded rooms are none.
 */
export type OffReason = (typeof offReasons)[number];

/** Whether a track of a participant is wanted, and whether it arrives. */
export interface ParticipantMedia {
  /** Whether this client wants it. */
  readonly subscribed: SubscriptionState;
  /**
   * `receivable`: could be had. `loading`: wanted, nothing heard or seen yet. `playable`: media arrives. `interrupted`: it
   * should arrive and does not. `off`: not sent.
   */
  readonly state: RemoteTrackState;
  /** Why it is off. */
  readonly offReasons: readonly OffReason[];
}

/** Who a participant is. */
export interface ParticipantInfo {
  /** Whether it is this client. */
  readonly isLocal: boolean;
  /** Whether it may do what owners of the room may. */
  readonly isOwner: boolean;
  /** ISO 8601. */
  readonly joinedAt: string;
  /** As its token or the server named it. */
  readonly userId: string;
  /** As it named itself, or as its token did; may be empty. */
  readonly userName: string;
  /** What it may send, receive and administer. */
  readonly permissions: Permissions;
  /** What it tells about itself: any JSON value but null; undefined if nothing. */
  readonly userData?: unknown;
}

/** Somebody in the call. */
export interface Participant {
  /** UUID. */
  readonly id: string;
  /** Who it is. */
  readonly info: ParticipantInfo;
  /** Its tracks: whether each is sent, wanted, and arrives. */
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
export type Participants = {
  /** Oneself, whose id is no key here. */
  readonly local: Participant;
} & { readonly [id: string]: Participant };

/** How many are in a room. */
export interface ParticipantCounts {
  /** Those who are shown, oneself included. */
  readonly present: number;
  /** Those without presence: recorders, for example. */
  readonly hidden: number;
}

/** What the view of a participant depends on beside what the room says of it. */
export interface ParticipantView {
  /** This side, where the participant is another one. */
  readonly receiver: Permissions | undefined;
  readonly subscribed: (track: string) => SubscriptionState;
  readonly state: (track: string) => RemoteTrackState;
}

/** Builds the public view of a participant from what the room says. */
export function describeParticipant(participant: RoomParticipant, view: ParticipantView): Participant {
  const { id, isOwner, joinedAt, userId, userName, userData, permissions, tracks } = participant;
  const isLocal = view.receiver === undefined;
  const media = (name: string, track = tracks.find((other) => other.name === name)): ParticipantMedia => {
    const reasons = reasonsOff(participant, view.receiver, name, track);
    const state = isLocal ? 'playable' : view.state(name);
    return {
      subscribed: isLocal ? 'unsubscribed' : view.subscribed(name),
      state: reasons.length > 0 ? 'off' : state,
      offReasons: reasons,
    };
  };
  const custom = (kind: CustomKind): Record<string, ParticipantMedia> =>
    Object.fromEntries(
      tracks.flatMap((track) => {
        const parts = customTrackParts(track.name);
        return parts?.kind === kind ? [[parts.name, media(track.name, track)]] : [];
      }),
    );
  return {
    id,
    info: {
      isLocal,
      isOwner,
      joinedAt,
      userId,
      userName,
      permissions,
      ...(userData !== undefined && { userData }),
    },
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
export function describeAlone(userName: string, userData: unknown): Participant {
  const nobody = {
    id: '',
    userName,
    userId: '',
    isOwner: false,
    joinedAt: '',
    tracks: [],
    permissions: defaultPermissions,
    mutedRemotely: [],
    userData,
  };
  return describeParticipant(nobody, { receiver: undefined, subscribed: () => 'unsubscribed', state: () => 'off' });
}

function reasonsOff(
  participant: RoomParticipant,
  receiver: Permissions | undefined,
  name: string,
  track: RemoteTrack | undefined,
): OffReason[] {
  const reasons: OffReason[] = [];
  const muted = participant.mutedRemotely.includes(name);
  if (muted) reasons.push('remoteMute');
  else if (track?.enabled !== true && maySend(participant.permissions, name)) reasons.push('user');
  if (!maySend(participant.permissions, name)) reasons.push('sendPermission');
  if (receiver !== undefined && !mayReceive(receiver, participant, name)) reasons.push('receivePermission');
  return reasons;
}
