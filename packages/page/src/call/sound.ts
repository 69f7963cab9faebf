interface Playing {
  readonly element: HTMLAudioElement;
  readonly track: MediaStreamTrack;
}

export interface Loudness {
  /** 0 to 1. */
  readonly volume: number;
  readonly muted: boolean;
}

const loud: Loudness = { volume: 1, muted: false };

/** Plays what is heard of others, each track by an element of its own. */
export class Sound {
  readonly #changed: () => void;
  readonly #playing = new Map<string, Playing>();
  readonly #loudness = new Map<string, Loudness>();
  #blocked = false;
  #sink = '';

  /** @param changed told when `blocked` did. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** The browser plays nothing before somebody pressed something. */
  get blocked(): boolean {
    return this.#blocked;
  }

  loudness(key: string): Loudness {
    return this.#loudness.get(key) ?? loud;
  }

  set(key: string, change: Partial<Loudness>): void {
    const next = { ...this.loudness(key), ...change };
    this.#loudness.set(key, next);
    const element = this.#playing.get(key)?.element;
    if (element === undefined) return;
    element.volume = next.volume;
    element.muted = next.muted;
  }

  /** Plays by a device, by its id; empty: as the system has it. Returns false, and changes nothing, if it cannot be used. */
  async setSink(id: string): Promise<boolean> {
    try {
      await document.createElement('audio').setSinkId(id);
      await Promise.all([...this.#playing.values()].map(({ element }) => element.setSinkId(id)));
    } catch {
      return false;
    }
    this.#sink = id;
    return true;
  }

  /** Plays exactly these. At once: what is attached late begins with what came before. */
  play(tracks: ReadonlyMap<string, MediaStreamTrack>): void {
    for (const [key, { element, track }] of this.#playing) {
      if (tracks.get(key) === track) continue;
      element.srcObject = null;
      element.remove();
      this.#playing.delete(key);
    }
    for (const [key, track] of tracks) if (!this.#playing.has(key)) this.#attach(key, track);
  }

  /** From the handler of a click. Attached anew: what has gathered in the element is old. */
  unblock(): void {
    this.#setBlocked(false);
    for (const { element, track } of this.#playing.values()) this.#start(element, track);
  }

  #attach(key: string, track: MediaStreamTrack): void {
    const element = document.createElement('audio');
    const { volume, muted } = this.loudness(key);
    element.volume = volume;
    element.muted = muted;
    element.autoplay = true;
    // Refused only if the device went away, and then the system's plays.
    if (this.#sink !== '') element.setSinkId(this.#sink).catch(() => {});
    document.body.append(element);
    this.#playing.set(key, { element, track });
    this.#start(element, track);
  }

  #start(element: HTMLAudioElement, track: MediaStreamTrack): void {
    element.srcObject = new MediaStream([track]);
    element.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#setBlocked(true);
    });
  }

  #setBlocked(blocked: boolean): void {
    if (this.#blocked === blocked) return;
    this.#blocked = blocked;
    this.#changed();
  }
}
