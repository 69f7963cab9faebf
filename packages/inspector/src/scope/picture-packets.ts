import type { VideoFrame } from '@sluice/core';
import { inspectLimits } from '../protocol/limits.ts';
import { encodePacket } from '../protocol/media-packet.ts';
import { thumbnail } from './thumbnail.ts';

/** A picture that stays the same is sent again after so long, in milliseconds: one may have been lost on the way. */
const SAME_MS = 5_000;

/** Makes small pictures of those that pass, two a second at most, and none while they are not wanted. */
export class PicturePackets {
  readonly #scope: number;
  readonly #send: (packet: Uint8Array) => void;
  readonly #width: number;
  readonly #wanted: () => boolean;
  #next = Number.NEGATIVE_INFINITY;
  #sent: Uint8Array = new Uint8Array(0);
  #sentAt = Number.NEGATIVE_INFINITY;

  /** @param width of a picture at most */
  constructor(scope: number, send: (packet: Uint8Array) => void, width: number, wanted: () => boolean = () => true) {
    this.#scope = scope;
    this.#send = send;
    this.#width = width;
    this.#wanted = wanted;
  }

  push(frame: VideoFrame): void {
    const now = performance.now();
    if (now < this.#next || !this.#wanted()) return;
    this.#next = now + inspectLimits.pictureMs;
    const { width, data } = thumbnail(frame, this.#width);
    if (now - this.#sentAt < SAME_MS && Buffer.compare(data, this.#sent) === 0) return;
    this.#sent = data;
    this.#sentAt = now;
    this.#send(
      encodePacket({
        kind: 'picture',
        scope: this.#scope,
        channels: 0,
        rate: width,
        timestamp: frame.timestamp,
        epoch: frame.epoch,
        gap: frame.gap?.duration ?? 0,
        payload: data,
      }),
    );
  }
}
