import { hostClosed } from '../host-errors.ts';
import type { HostPicture, HostVideoSource } from '../media-host.ts';
import { checkPicture } from '../picture-limits.ts';
import type { EngineLink } from './engine-link.ts';

/** The parent's side of a video source in the child. */
export class RemoteVideoSource implements HostVideoSource {
  readonly id: number;
  readonly link: EngineLink;
  readonly #send: (picture: HostPicture, taken: () => void) => void;
  readonly #onClose: () => void;
  #closed = false;

  /** `send` carries pictures to the child and calls `taken` once, whatever happens. */
  constructor(
    id: number,
    link: EngineLink,
    send: (picture: HostPicture, taken: () => void) => void,
    onClose: () => void,
  ) {
    this.id = id;
    this.link = link;
    this.#send = send;
    this.#onClose = onClose;
  }

  write(picture: HostPicture, taken: () => void): void {
    try {
      if (this.#closed) throw hostClosed(`video source ${this.id}`);
      checkPicture(picture);
    } catch (error) {
      taken();
      throw error;
    }
    this.#send(picture, taken);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.link.tell({ type: 'close-source', id: this.id });
    this.#onClose();
  }
}
