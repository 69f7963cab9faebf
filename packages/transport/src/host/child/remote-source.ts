import type { Cancel } from '@sluice/core';
import { hostClosed } from '../host-errors.ts';
import { Listeners } from '../listeners.ts';
import type { HostAudioProgress, HostAudioSource } from '../media-host.ts';
import type { EngineLink } from './engine-link.ts';
import { encodeWrite } from './wire.ts';

/** The parent's side of a source in the child. */
export class RemoteSource implements HostAudioSource {
  readonly id: number;
  readonly link: EngineLink;
  readonly #onClose: () => void;
  readonly #listeners = new Listeners<HostAudioProgress>();
  #closed = false;

  constructor(id: number, link: EngineLink, onClose: () => void) {
    this.id = id;
    this.link = link;
    this.#onClose = onClose;
  }

  write(samples: Int16Array): void {
    this.#checkOpen();
    this.link.sendMedia(encodeWrite(this.id, samples));
  }

  flush(): void {
    this.link.tell({ type: 'flush', id: this.id });
  }

  async clear(fadeMs: number): Promise<number> {
    this.#checkOpen();
    return Number(await this.link.ask({ type: 'clear', id: this.id, fadeMs }));
  }

  async pause(fadeMs: number): Promise<void> {
    this.#checkOpen();
    await this.link.ask({ type: 'pause', id: this.id, fadeMs });
  }

  resume(): void {
    this.link.tell({ type: 'resume', id: this.id });
  }

  onProgress(listener: (progress: HostAudioProgress) => void): Cancel {
    return this.#listeners.add(listener);
  }

  progressed(progress: HostAudioProgress): void {
    this.#listeners.emit(progress);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.link.tell({ type: 'close-source', id: this.id });
    this.#onClose();
  }

  #checkOpen(): void {
    if (this.#closed) throw hostClosed(`audio source ${this.id}`);
  }
}
