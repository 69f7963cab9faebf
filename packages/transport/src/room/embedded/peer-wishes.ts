import type { PeerBody, VideoQuality } from '@sluice/protocol';

/** What a peer wants of us: which of our tracks, and how good at most. */
export class PeerWishes {
  /** Undefined until it has told. */
  #names: ReadonlySet<string> | undefined;
  #limits: ReadonlyMap<string, VideoQuality> = new Map();

  subscribe({ tracks }: Extract<PeerBody, { kind: 'subscribe' }>): void {
    this.#names = new Set(tracks);
  }

  limit({ tracks }: Extract<PeerBody, { kind: 'quality' }>): void {
    this.#limits = new Map(tracks.map(({ name, maxQuality }) => [name, maxQuality]));
  }

  has(name: string): boolean {
    return this.#names?.has(name) === true;
  }

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
