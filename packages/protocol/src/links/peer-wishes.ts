import type { PeerBody } from '../peer-body.ts';
import type { VideoQuality } from '../video-quality.ts';

/** What a peer wants of us: which of our tracks, and how good at most. */
export class PeerWishes {
  /** Undefined until it has told. */
  #names: ReadonlySet<string> | undefined;
  #staged: ReadonlySet<string> = new Set();
  #limits: ReadonlyMap<string, VideoQuality> = new Map();
  #subscribed = '';
  #limited = '';

  /** Returns whether that is news. */
  subscribe({ tracks, staged = [] }: Extract<PeerBody, { kind: 'subscribe' }>): boolean {
    const said = JSON.stringify([tracks, staged]);
    if (said === this.#subscribed) return false;
    this.#subscribed = said;
    this.#names = new Set(tracks);
    this.#staged = new Set(staged);
    return true;
  }

  /** Returns whether that is news. */
  limit({ tracks }: Extract<PeerBody, { kind: 'quality' }>): boolean {
    const said = JSON.stringify(tracks);
    if (said === this.#limited) return false;
    this.#limited = said;
    this.#limits = new Map(tracks.map(({ name, maxQuality }) => [name, maxQuality]));
    return true;
  }

  /** Whether it wants a track. */
  has(name: string): boolean {
    return this.#names?.has(name) === true;
  }

  /** It wants nothing of the track yet but to be able to begin at once. */
  stages(name: string): boolean {
    return this.#staged.has(name);
  }

  /** The best that it wants of a track. */
  qualityOf(name: string): VideoQuality {
    return this.#limits.get(name) ?? 'high';
  }

  /** Whether it receives one of our tracks, over a connection that is up or not. */
  listens(name: string, connected: boolean): 'alone' | 'connecting' | 'heard' {
    if (this.#names === undefined) return 'connecting';
    if (!this.#names.has(name)) return 'alone';
    return connected ? 'heard' : 'connecting';
  }
}
