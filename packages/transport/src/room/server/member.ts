import type { Cancel } from '@sluice/core';
import {
  adminKinds,
  createSecret,
  defaultPermissions,
  type Permissions,
  type Refusal,
  ReplayBuffer,
  type RoomParticipantInfo,
  type RoomTrackInfo,
  type ServerMessage,
} from '@sluice/protocol';
import { idOfIdentity } from '../protocol/identity.ts';
import type { TokenGrant } from './room-tokens.ts';

/** What a room needs of a client's socket. */
export interface MemberSocket {
  send(text: string): void;
  /** Tells the client why, then closes. */
  refuse(refusal: Refusal, message: string): void;
  /** Closes without a reason, after what was sent. */
  close(): void;
  /** Clock time in milliseconds when the client was last heard of: a message or the answer to a ping. */
  readonly lastHeard: number;
}

export interface MemberInit {
  readonly identity: string;
  readonly userName: string;
  readonly tracks: readonly RoomTrackInfo[];
  readonly userData?: RoomParticipantInfo['userData'];
  readonly grant: TokenGrant;
}

const ownerPermissions: Permissions = { ...defaultPermissions, canAdmin: [...adminKinds] };

/** A participant as the server knows it. It outlives its socket for a while, so that a client can come back. */
export class Member {
  readonly id: string;
  readonly userId: string;
  readonly isOwner: boolean;
  // For people: the wall clock is what they read.
  readonly joinedAt = new Date().toISOString();
  userName: string;
  tracks: readonly RoomTrackInfo[];
  permissions: Permissions;
  mutedRemotely: readonly string[] = [];
  userData: RoomParticipantInfo['userData'];
  /** The next resume must bring this one; each is used once. */
  secret = createSecret();
  socket: MemberSocket | undefined;
  /** Session messages of the client so far. */
  received = 0;
  detachedAt = 0;
  /** When somebody last heard media of this member, while it is detached. */
  witnessedAt = Number.NEGATIVE_INFINITY;
  cancelReaper: Cancel = () => {};
  readonly #replay = new ReplayBuffer();

  constructor(init: MemberInit) {
    this.id = idOfIdentity(init.identity);
    this.userName = init.grant.userName ?? init.userName;
    this.userId = init.grant.userId ?? '';
    this.isOwner = init.grant.isOwner ?? false;
    this.tracks = init.tracks;
    this.permissions = this.isOwner ? ownerPermissions : defaultPermissions;
    this.userData = init.userData;
  }

  get info(): RoomParticipantInfo {
    const { id, userName, userId, isOwner, joinedAt, permissions, userData } = this;
    return {
      id,
      userName,
      userId,
      isOwner,
      joinedAt,
      tracks: [...this.tracks],
      permissions,
      mutedRemotely: [...this.mutedRemotely],
      ...(userData === undefined ? {} : { userData }),
    };
  }

  /** Sends now, or when the client is back. */
  send(message: ServerMessage): void {
    const text = JSON.stringify(message);
    this.#replay.push(text);
    this.socket?.send(text);
  }

  /** What the client missed; undefined if that is no longer known. */
  missed(received: number): readonly string[] | undefined {
    return this.#replay.after(received);
  }
}
