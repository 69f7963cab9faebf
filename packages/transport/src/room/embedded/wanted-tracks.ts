import { limits, type PeerBody, trackKind, type VideoQuality } from '@sluice/protocol';
import type { SubscriptionState } from '../driver.ts';

/** The most tracks that a message names as wanted. */
const MAX_WANTED = 64;

type Qualities = Extract<PeerBody, { kind: 'quality' }>['tracks'];

/** What we want of a peer: which tracks, how good, whether somebody looks; and of which media has arrived. */
export class WantedTracks {
  readonly #names = new Set<string>();
  /** Negotiated, not sent. */
  readonly #staged = new Set<string>();
  readonly #arrived = new Set<string>();
  /** Video tracks whose pictures somebody looks at. */
  readonly #watched = new Set<string>();
  /** The best quality that is wanted, where that is not `high`. */
  readonly #limits = new Map<string, VideoQuality>();
  /** Whether the peer has been told of a limit. */
  #limited = false;

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** Returns whether that is news. */
  want(name: string, state: SubscriptionState): boolean {
    if (this.#state(name) === state) return false;
    this.#staged.delete(name);
    if (state === 'subscribed') this.#names.add(name);
    else {
      this.#names.delete(name);
      this.#arrived.delete(name);
      if (state === 'staged') this.#staged.add(name);
    }
    return true;
  }

  /** Returns whether that is news. */
  limit(name: string, maxQuality: VideoQuality): boolean {
    if ((this.#limits.get(name) ?? 'high') === maxQuality) return false;
    if (maxQuality === 'high') this.#limits.delete(name);
    else this.#limits.set(name, maxQuality);
    return true;
  }

  watch(name: string, watched: boolean): void {
    if (watched) this.#watched.add(name);
    else this.#watched.delete(name);
  }

  hasArrived(name: string): boolean {
    return this.#arrived.has(name);
  }

  arrived(name: string): void {
    this.#arrived.add(name);
  }

  /** Forgets what has arrived of tracks that are off, or gone. */
  keepArrived(isOn: (name: string) => boolean): void {
    for (const name of this.#arrived) if (!isOn(name)) this.#arrived.delete(name);
  }

  /** The connection is a new one. */
  forgetArrived(): void {
    this.#arrived.clear();
  }

  /** Whether its media is to come to us. Pictures that nobody looks at stay with the engine: each is megabytes. */
  receives(name: string): boolean {
    if (!this.#names.has(name)) return false;
    return trackKind(name) === 'audio' || this.#watched.has(name) || !this.#arrived.has(name);
  }

  /** To tell the peer. */
  get names(): string[] {
    return [...this.#names].slice(0, MAX_WANTED);
  }

  get staged(): string[] {
    return [...this.#staged].slice(0, MAX_WANTED);
  }

  /** To tell the peer, before the names; undefined if it knows of no limit and needs to know of none. */
  get qualities(): Qualities | undefined {
    const wanted = [...this.#limits].filter(([name]) => this.#names.has(name)).slice(0, limits.tracks);
    if (wanted.length === 0 && !this.#limited) return undefined;
    this.#limited = true;
    return wanted.map(([name, maxQuality]) => ({ name, maxQuality }));
  }

  #state(name: string): SubscriptionState {
    if (this.#names.has(name)) return 'subscribed';
    return this.#staged.has(name) ? 'staged' : 'unsubscribed';
  }
}
