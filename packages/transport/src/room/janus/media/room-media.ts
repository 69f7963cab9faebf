// The media of a stay in a VideoRoom: one connection that publishes, one that receives, and what mends them.

import type { Clock } from '@sluice/core';
import { trackKind, type VideoQuality } from '@sluice/protocol';
import type { HostConnectionEvents } from '../../../host/media-host.ts';
import type {
  LocalTrack,
  RemoteTrackState,
  RoomConnectionStats,
  RoomParticipant,
  RoomSessionEvents,
  SubscriptionState,
} from '../../driver.ts';
import type { Roster, TrackSource } from '../members/roster.ts';
import type { JanusHandle } from '../wire/janus-handle.ts';
import type { MediaLinkOptions } from './media-link.ts';
import { Publisher, type PublisherOptions } from './publisher.ts';
import { Subscriber } from './subscriber.ts';

export interface RoomMediaOptions {
  readonly clock: Clock;
  readonly roster: Roster;
  /** Whether we may receive a participant's track. */
  readonly mayTake: (id: string, name: string) => boolean;
  /** Whether what comes of a participant is not told yet: it will be without a pause, since it is subscribed. */
  readonly isWaiting: (id: string) => boolean;
  readonly publishing: JanusHandle;
  readonly attach: () => Promise<JanusHandle>;
  readonly entry: () => object;
  readonly link: (handle: JanusHandle) => MediaLinkOptions;
  readonly emit: <K extends 'audio' | 'video' | 'updated' | 'listeners' | 'connection'>(
    event: K,
    data: RoomSessionEvents[K],
  ) => void;
  /** The server's answer to what is published. */
  readonly published: PublisherOptions['published'];
  /** What is off is sent as silence. */
  readonly recorded: boolean;
  readonly report: (error: unknown) => void;
}

/** A UUID is as long as this; what follows it and a slash in the name of a received track is the track's own. */
const ID_LENGTH = 36;

/** What is sent to a room, what of it is wanted, and what of that arrives. */
export class RoomMedia {
  readonly #options: RoomMediaOptions;
  readonly #publisher: Publisher;
  readonly #subscriber: Subscriber;
  /** By participant id and track name, joined by a slash. */
  readonly #wanted = new Set<string>();
  readonly #watched = new Set<string>();
  readonly #arrived = new Set<string>();
  readonly #limits = new Map<string, VideoQuality>();

  constructor(options: RoomMediaOptions) {
    const { clock, publishing, attach, entry, link, emit, published, recorded, report } = options;
    this.#options = options;
    this.#publisher = new Publisher({
      clock,
      report,
      recorded,
      link: () => link(publishing),
      changed: () => emit('listeners', undefined),
      published,
      connection: () => emit('listeners', undefined),
    });
    this.#subscriber = new Subscriber({
      clock,
      attach,
      entry,
      link,
      report,
      wanted: () => this.#sources(),
      receives: (key) => this.#receives(key),
      quality: (key) => this.#limits.get(key) ?? 'high',
      audio: (audio) => this.#takeAudio(audio),
      video: (video) => this.#takeVideo(video),
      connection: (state) => this.#passes(state),
    });
  }

  send(tracks: ReadonlyMap<string, LocalTrack>): void {
    this.#publisher.send(tracks);
  }

  subscribe(id: string, name: string, state: SubscriptionState): void {
    const key = `${id}/${name}`;
    // Staged is wanted later: the server keeps no track for us that it does not send.
    if (this.#wanted.has(key) === (state === 'subscribed')) return;
    if (state === 'subscribed') this.#wanted.add(key);
    else {
      this.#wanted.delete(key);
      this.#arrived.delete(key);
    }
    this.#subscriber.sync();
    this.#subscriber.applyReceiving();
  }

  /** The best quality that is wanted of a track, where it is sent in several. */
  limitQuality(id: string, name: string, maxQuality: VideoQuality): void {
    if (maxQuality === 'high') this.#limits.delete(`${id}/${name}`);
    else this.#limits.set(`${id}/${name}`, maxQuality);
    this.#subscriber.sync();
  }

  watch(id: string, name: string, watched: boolean): void {
    if (watched) this.#watched.add(`${id}/${name}`);
    else this.#watched.delete(`${id}/${name}`);
    this.#subscriber.applyReceiving();
  }

  trackState(id: string, name: string): RemoteTrackState {
    const key = `${id}/${name}`;
    if (!this.#isOn(id, name)) return 'off';
    if (!this.#wanted.has(key)) return 'receivable';
    if (this.#subscriber.broken) return 'interrupted';
    return this.#arrived.has(key) ? 'playable' : 'loading';
  }

  /**
   * Who receives is the server's secret, and may be no participant: viewers only subscribe, and a room may be recorded. So it is
   * heard once it flows; before that, nobody waits for a first word where nobody is.
   */
  trackListeners(name: string): 'alone' | 'connecting' | 'heard' {
    if (!this.#publisher.sends(name)) return 'alone';
    if (this.#publisher.connected) return 'heard';
    return this.#options.roster.participants.size === 0 ? 'alone' : 'connecting';
  }

  /** Somebody came, left, or has other tracks. */
  rosterChanged(): void {
    for (const key of this.#arrived)
      if (!this.#isOn(key.slice(0, ID_LENGTH), key.slice(ID_LENGTH + 1))) this.#arrived.delete(key);
    this.#subscriber.sync();
    this.#options.emit('listeners', undefined);
  }

  /** Somebody left. */
  forget(id: string): void {
    for (const set of [this.#watched, this.#arrived, this.#wanted])
      for (const key of set) if (key.startsWith(`${id}/`)) set.delete(key);
    for (const key of this.#limits.keys()) if (key.startsWith(`${id}/`)) this.#limits.delete(key);
    this.rosterChanged();
  }

  /** The socket is back. */
  resume(): void {
    this.#publisher.resume();
    this.#subscriber.resume();
  }

  hangup(): void {
    this.#publisher.hangup();
  }

  iceChanged(): void {
    this.#publisher.restart();
    this.#subscriber.restart();
  }

  /** The engine died: its sources come anew from whoever owns them. */
  engineDied(failed: boolean): void {
    this.#publisher.forgetSources();
    this.#arrived.clear();
    if (!failed) this.#subscriber.rebuild();
  }

  /** The server knows nothing of our connections any more: others are made by `resume`. */
  serverForgot(): void {
    this.#arrived.clear();
    this.#publisher.serverForgot();
    this.#subscriber.serverForgot();
  }

  async stats(): Promise<readonly RoomConnectionStats[]> {
    const both = await Promise.all([this.#publisher.stats(), this.#subscriber.stats()]);
    return both.flatMap((stats) => {
      if (stats === undefined) return [];
      const audio = stats.audio.map(({ name, ...rest }) => ({
        ...rest,
        name: name.slice(ID_LENGTH + 1),
        participantId: name.slice(0, ID_LENGTH),
      }));
      return [{ ...stats, audio }];
    });
  }

  close(): void {
    this.#publisher.close();
    this.#subscriber.close();
  }

  #sources(): Map<string, TrackSource> {
    const sources = new Map<string, TrackSource>();
    for (const key of this.#wanted) {
      const { roster, mayTake } = this.#options;
      const [id, name] = [key.slice(0, ID_LENGTH), key.slice(ID_LENGTH + 1)];
      const source = roster.source(id, name);
      if (source !== undefined && mayTake(id, name)) sources.set(key, source);
    }
    return sources;
  }

  #isOn(id: string, name: string): boolean {
    const { roster, mayTake } = this.#options;
    const track = roster.get(id)?.tracks.find((one) => one.name === name);
    return track?.enabled === true && mayTake(id, name);
  }

  /** Pictures that nobody looks at stay with the engine, but the first, which shows that they come. */
  #receives(key: string): boolean {
    if (!this.#wanted.has(key)) return false;
    const isAudio = trackKind(key.slice(ID_LENGTH + 1)) === 'audio';
    return isAudio || this.#watched.has(key) || !this.#arrived.has(key);
  }

  #takeAudio({ name: key, samples, sampleRate, channels }: HostConnectionEvents['audio']): void {
    const of = this.#arrives(key);
    if (of === undefined) return;
    this.#options.emit('audio', { participantId: of.id, name: of.name, samples, sampleRate, channels });
  }

  #takeVideo({ name: key, picture }: HostConnectionEvents['video']): void {
    const of = this.#arrives(key);
    if (of !== undefined) this.#options.emit('video', { participantId: of.id, name: of.name, picture });
  }

  /** Whose track that is, if it is wanted. */
  #arrives(key: string): { readonly id: string; readonly name: string } | undefined {
    const id = key.slice(0, ID_LENGTH);
    const name = key.slice(ID_LENGTH + 1);
    const { mayTake, isWaiting } = this.#options;
    if (!this.#wanted.has(key) || !mayTake(id, name) || isWaiting(id)) return undefined;
    if (!this.#arrived.has(key) && this.#isOn(id, name)) {
      this.#arrived.add(key);
      this.#subscriber.applyReceiving();
      this.#tell(id);
    }
    return { id, name };
  }

  #passes(state: 'interrupted' | 'connected'): void {
    for (const id of new Set([...this.#wanted].map((key) => key.slice(0, ID_LENGTH)))) {
      const participant = this.#tell(id);
      if (participant !== undefined) this.#options.emit('connection', { kind: 'media', state, participantId: id });
    }
  }

  #tell(id: string): RoomParticipant | undefined {
    const participant = this.#options.roster.get(id);
    if (participant !== undefined) this.#options.emit('updated', participant);
    return participant;
  }
}
