import type { Cancel } from '@sluice/core';
import { hostClosed } from '../host-errors.ts';
import { Listeners } from '../listeners.ts';
import { type HostAudioProgress, type HostAudioSource, nothingPlayed } from '../media-host.ts';
import type { EngineLink } from './engine-link.ts';
import { OverdueCount } from './overdue-count.ts';
import { encodeWrite } from './wire.ts';

/** The parent's side of a source in the child. */
export class RemoteSource implements HostAudioSource {
  readonly id: number;
  readonly link: EngineLink;
  readonly #onClose: () => void;
  readonly #channels: number;
  readonly #listeners = new Listeners<HostAudioProgress>();
  /** What waits for an engine that is not started yet; undefined from then on. */
  #held: (Int16Array | 'flush')[] | undefined;
  /** Samples per channel that were cleared before. */
  #dropped = 0;
  /** Samples per channel that the engine was sent, and those of them that it has played or dropped. */
  #sent = 0;
  #done = 0;
  #paused = false;
  readonly #overdue = new OverdueCount();
  #closed = false;

  /** @param init.isHeld The engine is not started yet: `begin` tells that it is. */
  constructor(init: {
    readonly id: number;
    readonly link: EngineLink;
    readonly channels: number;
    readonly isHeld: boolean;
    readonly onClose: () => void;
  }) {
    this.id = init.id;
    this.link = init.link;
    this.#channels = init.channels;
    this.#onClose = init.onClose;
    if (init.isHeld) this.#held = [];
  }

  /** The engine is started. */
  begin(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    if (this.#closed) return;
    for (const one of held)
      if (one === 'flush') this.flush();
      else this.write(one);
  }

  write(samples: Int16Array): void {
    this.#checkOpen();
    if (this.#held !== undefined) {
      this.#held.push(samples.slice());
      return;
    }
    this.#sent += samples.length / this.#channels;
    this.link.send(encodeWrite(this.id, samples));
  }

  flush(): void {
    if (this.#held !== undefined) this.#held.push('flush');
    else this.link.tell({ type: 'flush', id: this.id });
  }

  async clear(fadeMs: number): Promise<number> {
    this.#checkOpen();
    if (this.#held !== undefined) return this.#clearHeld();
    return this.link.ask({ type: 'clear', id: this.id, fadeMs });
  }

  async pause(fadeMs: number): Promise<void> {
    this.#checkOpen();
    this.#paused = true;
    const paused = this.link.ask({ type: 'pause', id: this.id, fadeMs });
    // Nothing plays: the engine that comes begins paused.
    if (this.#held !== undefined) paused.catch(() => {});
    else await paused;
  }

  resume(): void {
    this.#paused = false;
    this.link.tell({ type: 'resume', id: this.id });
  }

  onProgress(listener: (progress: HostAudioProgress) => void): Cancel {
    return this.#listeners.add(listener);
  }

  /** What the engine says of it. */
  progressed(progress: HostAudioProgress): void {
    this.#done = progress.played + progress.dropped;
    this.#overdue.settled();
    this.#tell(progress);
  }

  /** For how many looks sound waits to be played without any progress. */
  look(): number {
    return this.#overdue.look(this.#sent > this.#done && !this.#paused);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.link.tell({ type: 'close-source', id: this.id });
    this.#onClose();
  }

  /** Nobody waits for an engine to drop what it has not got. */
  #clearHeld(): number {
    let dropped = 0;
    for (const one of this.#held ?? []) if (one !== 'flush') dropped += one.length / this.#channels;
    this.#held = [];
    this.#dropped += dropped;
    this.#tell(nothingPlayed);
    return dropped;
  }

  #tell(progress: HostAudioProgress): void {
    this.#listeners.emit({ ...progress, dropped: progress.dropped + this.#dropped });
  }

  #checkOpen(): void {
    if (this.#closed) throw hostClosed(`audio source ${this.id}`);
  }
}
