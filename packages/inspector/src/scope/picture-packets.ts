import type { VideoFrame } from '@sluice/core';
import { inspectLimits } from '../protocol/limits.ts';
import { encodePacket } from '../protocol/media-packet.ts';
import { thumbnail } from './thumbnail.ts';

/** Makes small pictures of those that pass, two a second at most. */
export class PicturePackets {
  readonly #scope: number;
  readonly #send: (packet: Uint8Array) => void;
  #next = Number.NEGATIVE_INFINITY;

  constructor(scope: number, send: (packet: Uint8Array) => void) {
    this.#scope = scope;
    this.#send = send;
  }

  push(frame: VideoFrame): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + inspectLimits.pictureMs;
    const { width, data } = thumbnail(frame, inspectLimits.pictureWidth);
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
