import type { Cancel, Clock } from '@sluice/core';
import {
  type ClientMessage,
  createSecret,
  limits,
  mayReceive,
  maySend,
  type PeerBody,
  type Permissions,
  type Refusal,
  ReplayBuffer,
  type RoomParticipantInfo,
  type RoomTrackInfo,
  type ServerMessage,
  TokenBucket,
  trackKind,
} from '@sluice/protocol';
import { idOfIdentity } from '../../protocol/identity.ts';
import { RemoteMutes } from '../../session/remote-mutes.ts';
import { MessageBudget } from '../budgets/message-budget.ts';
import type { PairBudget } from '../budgets/pair-budget.ts';
import type { TokenGrant } from '../room-tokens.ts';
import type { JobLease } from './job-lease.ts';

/** What a room needs of a client's socket. */
export interface MemberSocket {
  send(text: string): void;
  /** Tells the client why, then closes. */
  refuse(refusal: Refusal, message: string): void;
  /** Closes without a reason, after what was sent. */
  close(): void;
  /** Counts a join. Returns false where its address has brought too many participants of late. Default: it never has. */
  tryJoin?(): boolean;
  /** Counts that it waits to be let in. Returns what ends that, null where too many of its address wait. Default: counts nothing. */
  wait?(): (() => void) | null;
  /** Whether clients of its address were refused in the room of late. Default: none was. */
  readonly isSuspect?: boolean;
  /** Clock time in milliseconds when the client was last heard of: a message or the answer to a ping. */
  readonly lastHeard: number;
}

export interface MemberInit {
  readonly identity: string;
  readonly userName: string;
  readonly tracks: readonly RoomTrackInfo[];
  readonly userData?: RoomParticipantInfo['userData'];
  readonly lease?: JobLease | undefined;
  readonly grant: TokenGrant;
  /** A service of the room, by the key of its entry. */
  readonly service?: string | undefined;
}

/** What a member wants to hear of one other: as it said it, and as that was passed on. */
export interface Wish {
  readonly body: Extract<PeerBody, { kind: 'subscribe' }>;
  readonly told: string;
}

/** Changes that the others are told of at once, and a second in the long run. */
const UPDATES = 4;

/** A participant as the server knows it. It outlives its socket for a while, so that a client can come back. */
export class Member {
  readonly id: string;
  readonly userId: string;
  readonly isOwner: boolean;
  readonly grant: TokenGrant;
  readonly service: string | undefined;
  readonly lease: JobLease | undefined;
  // For people: the wall clock is what they read.
  readonly joinedAt = new Date().toISOString();
  userName: string;
  /** As it says; what of that the others see is in `info`. */
  tracks: readonly RoomTrackInfo[];
  permissions: Permissions;
  userData: RoomParticipantInfo['userData'];
  readonly mutes = new RemoteMutes();
  /** By id of whom they are about. */
  readonly wishes = new Map<string, Wish>();
  readonly pairs = new Map<string, PairBudget>();
  readonly budget: MessageBudget;
  readonly appMessages: TokenBucket;
  readonly updates: TokenBucket;
  /** It came in while its address was suspect. */
  isSuspect = false;
  /** The bot before it has the place of its job still. */
  isStandby: boolean;
  socket: MemberSocket | undefined;
  /** Session messages of the client so far. */
  received = 0;
  detachedAt = 0;
  /** When it came back last. */
  attachedAt = Number.NEGATIVE_INFINITY;
  /** When others last heard media of this member, by their ids, while it is detached. */
  readonly witnesses = new Map<string, number>();
  cancelReaper: Cancel = () => {};
  cancelExpiry: Cancel = () => {};
  cancelUpdate: Cancel | undefined;
  #secret = createSecret();
  /** Still good: the answer that brought the one after it may be lost. */
  #formerSecret: string | undefined;
  #resumedAt = 0;
  readonly #clock: Clock;
  #replay = new ReplayBuffer();

  constructor(init: MemberInit, permissions: Permissions, clock: Clock) {
    const { grant } = init;
    this.id = idOfIdentity(init.identity);
    this.userName = grant.userName ?? init.userName;
    this.userId = grant.userId ?? '';
    this.isOwner = grant.isOwner ?? false;
    this.grant = grant;
    this.service = init.service;
    this.lease = init.lease;
    this.isStandby = init.lease?.standby ?? false;
    this.tracks = init.tracks;
    this.permissions = permissions;
    this.userData = init.userData;
    this.#clock = clock;
    this.budget = new MessageBudget(clock);
    const perSecond = limits.appMessagesPerSecond;
    this.appMessages = new TokenBucket({ clock, perSecond, burst: 2 * perSecond });
    this.updates = new TokenBucket({ clock, perSecond: UPDATES, burst: UPDATES });
  }

  get isShown(): boolean {
    return this.permissions.hasPresence;
  }

  /** Whether its name is the one of its token, which it cannot change. */
  get isNamed(): boolean {
    return this.grant.userName !== undefined;
  }

  /** It says something new of itself. */
  update({ userName, userData, tracks }: ClientMessage & { type: 'update' }, now: number): void {
    if (userName !== undefined && !this.isNamed) this.userName = userName;
    if (userData !== undefined) this.userData = userData;
    if (tracks === undefined) return;
    this.tracks = tracks;
    this.mutes.announced(tracks, now);
  }

  /** Whether it wants something of another one, so that there is a connection between the two. */
  wants({ id }: Member): boolean {
    const wish = this.wishes.get(id)?.body;
    return wish !== undefined && wish.tracks.length + (wish.staged?.length ?? 0) > 0;
  }

  /** Whether it wants sound of another one that it may have. */
  hears(other: Member): boolean {
    const wish = this.wishes.get(other.id)?.body;
    const isSound = (name: string) => trackKind(name) === 'audio' && mayReceive(this.permissions, other, name);
    return wish?.tracks.some(isSound) === true;
  }

  /** Whether it decides on the others. */
  get isHost(): boolean {
    return this.permissions.canAdmin.includes('participants');
  }

  /** As it is told to the member itself. */
  get info(): RoomParticipantInfo {
    const { id, userName, userId, isOwner, joinedAt, permissions, userData } = this;
    return {
      id,
      userName,
      userId,
      isOwner,
      joinedAt,
      tracks: this.mutes.apply(this.tracks.filter(({ name }) => maySend(permissions, name))).slice(),
      permissions,
      mutedRemotely: this.mutes.names,
      ...(userData === undefined ? {} : { userData }),
    };
  }

  /** As it is told to the others: who is hidden has no name. */
  get publicInfo(): RoomParticipantInfo {
    if (this.isShown) return this.info;
    const { id, joinedAt, permissions } = this;
    return { id, userName: '', userId: '', isOwner: false, joinedAt, tracks: [], permissions, mutedRemotely: [] };
  }

  /** The next resume must bring this one; each is used once. */
  get secret(): string {
    return this.#secret;
  }

  /** Whether one of these is the secret of a resume now. Compares all of them, in the time of the longest. */
  knows(matches: (secret: string) => boolean): boolean {
    const spoken = this.socket !== undefined && this.socket.lastHeard > this.#resumedAt;
    if (spoken) this.spoke();
    const former = this.#formerSecret;
    const isFormer = former !== undefined && matches(former);
    return matches(this.#secret) || isFormer;
  }

  /** Takes a new secret. The one before stays good until the client has spoken, which shows that it has the new one. */
  renewSecret(now: number): string {
    this.#formerSecret ??= this.#secret;
    this.#secret = createSecret();
    this.#resumedAt = now;
    return this.#secret;
  }

  spoke(): void {
    this.#formerSecret = undefined;
  }

  /** Sends now, or when the client is back. */
  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string): void {
    this.#replay.push(text, this.#clock.now());
    this.socket?.send(text);
  }

  /** What the client missed; undefined if that is no longer known. */
  missed(received: number): readonly string[] | undefined {
    return this.#replay.after(received);
  }

  /** It is told everything anew, so that nothing is missed and both sides count from the beginning. */
  beginAnew(): void {
    this.#replay = new ReplayBuffer();
    this.received = 0;
  }

  /** Nothing is done for it any more. */
  dispose(): void {
    this.cancelReaper();
    this.cancelExpiry();
    this.cancelUpdate?.();
  }
}
