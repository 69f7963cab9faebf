// Who is in a VideoRoom: what its members say of themselves in their display names, who speaks, and which bot of a job stays. No
// media, no connection.

import { defaultPermissions, type RoomParticipantInfo, type RoomTrackInfo, updatedPermissions } from '@sluice/protocol';
import * as v from 'valibot';
import type { RoomParticipant } from '../../driver.ts';
import { isRelay } from './feed-role.ts';
import type { JobHolder } from './job-fence.ts';
import type { JobLease } from './job-lease.ts';
import { type CardMessage, isTrackName, type ParticipantCard, participantId, readDisplay } from './participant-card.ts';

const feedId = v.union([v.string(), v.number()]);
/** The id of a publisher: a UUID of ours where rooms have names, else a number of the server's. */
export type FeedId = v.InferOutput<typeof feedId>;

const stream = v.looseObject({
  mid: v.exactOptional(v.string()),
  type: v.string(),
  description: v.exactOptional(v.string()),
  disabled: v.exactOptional(v.boolean()),
});
const entry = v.looseObject({
  id: feedId,
  display: v.exactOptional(v.string()),
  streams: v.exactOptional(v.array(stream)),
});
/** What the VideoRoom tells of a publisher, or of somebody who publishes nothing. */
export type FeedEntry = v.InferOutput<typeof entry>;

/** Where a track is to be had. */
export interface TrackSource {
  readonly feed: FeedId;
  readonly mid: string;
}

type Sources = ReadonlyMap<string, TrackSource>;

interface Member {
  /** It is there as long as it has one: more than one while it moves between servers. */
  readonly feeds: Set<FeedId>;
  readonly joinedAt: string;
  info: RoomParticipantInfo;
  card: ParticipantCard | undefined;
  /** The last message of its that was told. */
  lastMessage: number;
}

export interface RosterHandlers {
  readonly joined: (participant: RoomParticipant) => void;
  readonly updated: (participant: RoomParticipant) => void;
  readonly left: (participant: RoomParticipant, reason: 'left' | 'removed') => void;
  readonly said: (from: RoomParticipant, message: CardMessage) => void;
  /** Said while we were away, and not known any more: how many messages. */
  readonly missed: (from: RoomParticipant, count: number) => void;
}

/** Who else is in the room, and which tracks of theirs can be had. */
export class Roster {
  readonly #members = new Map<string, Member>();
  /** Tracks by their names, of each feed of a participant that publishes; the one that was told last counts. */
  readonly #sources = new Map<string, Map<FeedId, Sources>>();
  readonly #handlers: RosterHandlers;
  readonly #own: string;
  readonly #now: () => string;
  /** The server was started anew, or is another one: nobody was seen on it yet. */
  #unseen = new Set<Member>();

  /**
   * @param own our participant id: of our feeds nothing is told.
   * @param now ISO 8601, for those who do not say when they joined.
   */
  constructor(handlers: RosterHandlers, own: string, now: () => string) {
    this.#handlers = handlers;
    this.#own = own;
    this.#now = now;
  }

  get participants(): ReadonlyMap<string, RoomParticipant> {
    return new Map([...this.#members].map(([id, { info }]) => [id, info]));
  }

  get feeds(): readonly FeedId[] {
    const present = [...this.#members.values()].flatMap(({ feeds }) => [...feeds]);
    return [...new Set([...present, ...this.#publishing()])];
  }

  /** Media that the servers pass on of nobody who is there. */
  get orphans(): readonly FeedId[] {
    return this.#publishing().filter((feed) => isRelay(feed) && !this.#members.has(participantId(feed)));
  }

  get(id: string): RoomParticipant | undefined {
    return this.#members.get(id)?.info;
  }

  leaseOf(id: string): JobLease | undefined {
    return this.#members.get(id)?.card?.lease;
  }

  /** Those who do jobs of a fleet. */
  get jobHolders(): readonly JobHolder[] {
    return [...this.#members.values()].flatMap(({ card, info: { id, joinedAt } }) =>
      card?.lease === undefined ? [] : [{ id, joinedAt, lease: card.lease }],
    );
  }

  feedOf(id: string): FeedId | undefined {
    return [...(this.#members.get(id)?.feeds ?? [])].at(-1);
  }

  source(id: string, name: string): TrackSource | undefined {
    return this.#sourcesOf(id).get(name);
  }

  /** The name of a track by the m-line that its publisher has it on. */
  trackOn(id: string, mid: string): RoomTrackInfo | undefined {
    const member = this.#members.get(id);
    const [name] = [...this.#sourcesOf(id)].find(([, source]) => source.mid === mid) ?? [];
    return member?.info.tracks.find((track) => track.name === name);
  }

  /** Somebody is there, or publishes, or is called otherwise. What is no entry is passed over. */
  take(value: unknown): void {
    const result = v.safeParse(entry, value);
    if (!result.success) return;
    const { id: feed, display, streams } = result.output;
    const id = participantId(feed);
    if (id === this.#own) return;
    if (streams !== undefined) this.#publishes(feed, sourcesOf(feed, streams));
    const known = this.#members.get(id);
    if (isRelay(feed)) return known && this.#tracksChanged(known, streams);
    const member = known ?? this.#newcomer(id);
    if (this.#unseen.delete(member)) member.feeds.clear();
    member.feeds.add(feed);
    if (display !== undefined) this.#named(member, display, known === undefined);
    member.info = { ...member.info, tracks: this.#tracksOf(member, streams) };
    if (known === undefined) {
      this.#members.set(id, member);
      this.#handlers.joined(member.info);
    } else this.#handlers.updated(member.info);
    this.#tellMessages(member);
  }

  /** It publishes nothing any more, and stays. */
  unpublished(feed: FeedId): void {
    this.#publishes(feed, undefined);
    const member = this.#members.get(participantId(feed));
    if (member !== undefined) this.#tracksChanged(member, undefined);
  }

  /** The server was started anew, or is another one: all may come back, with other m-lines. */
  serverForgot(): void {
    this.#sources.clear();
    this.#unseen = new Set(this.#members.values());
  }

  left(feed: FeedId, reason: 'left' | 'removed'): void {
    const id = participantId(feed);
    const member = this.#members.get(id);
    if (isRelay(feed)) return this.unpublished(feed);
    this.#publishes(feed, undefined);
    if (member?.feeds.delete(feed) !== true || member.feeds.size > 0) return;
    this.#unseen.delete(member);
    this.#members.delete(id);
    this.#handlers.left(member.info, reason);
  }

  #publishes(feed: FeedId, sources: Sources | undefined): void {
    const id = participantId(feed);
    const all = this.#sources.get(id) ?? new Map<FeedId, Sources>();
    all.delete(feed);
    if (sources !== undefined) all.set(feed, sources);
    if (all.size > 0) this.#sources.set(id, all);
    else this.#sources.delete(id);
  }

  #publishing(): FeedId[] {
    return [...this.#sources.values()].flatMap((all) => [...all.keys()]);
  }

  #sourcesOf(id: string): Sources {
    const all = [...(this.#sources.get(id)?.values() ?? [])];
    return all.length === 1 ? all[0]! : new Map(all.flatMap((sources) => [...sources]));
  }

  #tracksChanged(member: Member, streams: FeedEntry['streams']): void {
    member.info = { ...member.info, tracks: this.#tracksOf(member, streams) };
    this.#handlers.updated(member.info);
  }

  #newcomer(id: string): Member {
    const joinedAt = this.#now();
    const info: RoomParticipantInfo = {
      id,
      userName: '',
      userId: id,
      isOwner: false,
      joinedAt,
      tracks: [],
      permissions: defaultPermissions,
      mutedRemotely: [],
    };
    return { feeds: new Set(), joinedAt, info, card: undefined, lastMessage: 0 };
  }

  #named(member: Member, display: string, isNew: boolean): void {
    const { userName, card } = readDisplay(display);
    member.card = card;
    const { userData: _former, ...rest } = member.info;
    member.info = {
      ...rest,
      userName,
      userId: card?.userId ?? rest.id,
      joinedAt: card?.joinedAt ?? member.joinedAt,
      isOwner: card?.isOwner ?? false,
      permissions: updatedPermissions(defaultPermissions, card?.permissions ?? {}),
      mutedRemotely: card?.mutedRemotely ?? [],
      ...(card?.userData !== undefined && card.userData !== null && { userData: card.userData }),
    };
    // What was said before we came is not said to us.
    if (isNew) member.lastMessage = card?.message?.n ?? 0;
  }

  #tellMessages(member: Member): void {
    const { earlier = [], message } = member.card ?? {};
    if (message === undefined || message.n <= member.lastMessage) return;
    const news = [...earlier, message].filter(({ n }) => n > member.lastMessage);
    const missed = news[0]!.n - member.lastMessage - 1;
    if (missed > 0) this.#handlers.missed(member.info, missed);
    for (const one of news) {
      // What a card says in another order than that of its numbers is said once all the same.
      if (one.n <= member.lastMessage) continue;
      member.lastMessage = one.n;
      this.#handlers.said(member.info, one);
    }
  }

  /** What a card announces; without one, what is there is on. */
  #tracksOf({ card, info }: Member, streams: FeedEntry['streams']): RoomTrackInfo[] {
    if (card !== undefined) return card.tracks;
    const sources = this.#sourcesOf(info.id);
    if (streams === undefined && sources.size > 0) return info.tracks;
    return [...sources.keys()].map((name) => ({ name, enabled: true, continuous: false, ignoreLevel: false }));
  }
}

function sourcesOf(feed: FeedId, streams: NonNullable<FeedEntry['streams']>): Map<string, TrackSource> {
  const sources = new Map<string, TrackSource>();
  for (const one of streams) {
    const { mid, disabled } = one;
    if (mid === undefined || disabled === true) continue;
    const name = nameOf(one, (taken) => sources.has(taken));
    if (name !== undefined) sources.set(name, { feed, mid });
  }
  return sources;
}

/** Clients of others describe their m-lines as they like, or not at all. */
function nameOf(
  { type, description, mid }: NonNullable<FeedEntry['streams']>[number],
  isTaken: (name: string) => boolean,
): string | undefined {
  if (type !== 'audio' && type !== 'video') return undefined;
  if (isTrackName(description) && !isTaken(description)) return description;
  const first = type === 'audio' ? 'microphone' : 'camera';
  if (!isTaken(first)) return first;
  return `${type === 'audio' ? 'customAudio' : 'customVideo'}.${mid}`;
}
