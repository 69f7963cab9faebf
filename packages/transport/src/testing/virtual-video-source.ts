import type { Cancel, Clock } from '@sluice/core';
import { hostClosed } from '../host/host-errors.ts';
import type { HostPicture, HostVideoSource } from '../host/media-host.ts';
import { checkPicture } from '../host/picture-limits.ts';

/** A picture that a virtual host was given. */
export interface SentPicture extends HostPicture {
  /** Clock time in milliseconds. */
  readonly time: number;
}

/** A video source without an engine: keeps copies of what is written. */
export class VirtualVideoSource implements HostVideoSource {
  readonly id: number;
  readonly pictures: SentPicture[] = [];
  readonly #clock: Clock;
  readonly #takenAfterMs: number;
  readonly #underWay = new Map<() => void, Cancel>();
  #closed = false;
  #dead = false;

  constructor(id: number, clock: Clock, takenAfterMs: number) {
    this.id = id;
    this.#clock = clock;
    this.#takenAfterMs = takenAfterMs;
  }

  write(picture: HostPicture, taken: () => void): void {
    try {
      if (this.#closed) throw hostClosed(`video source ${this.id}`);
      checkPicture(picture);
    } catch (error) {
      taken();
      throw error;
    }
    if (this.#dead) return taken();
    const time = this.#clock.now();
    const { width, height, data } = picture;
    if (this.#takenAfterMs === 0) {
      this.pictures.push({ width, height, data: data.slice(), time });
      return taken();
    }
    const done = () => {
      this.#underWay.delete(done);
      // Read as late as may be, so that a writer that uses the bytes again too early is seen.
      this.pictures.push({ width, height, data: data.slice(), time });
      taken();
    };
    this.#underWay.set(done, this.#clock.at(time + this.#takenAfterMs, done));
  }

  close(): void {
    this.#closed = true;
  }

  /** The engine died: what is under way is taken, and later pictures are lost without a word, as with a real engine. */
  die(): void {
    this.#dead = true;
    const underWay = [...this.#underWay];
    this.#underWay.clear();
    for (const [done, cancel] of underWay) {
      cancel();
      done();
    }
  }
}
