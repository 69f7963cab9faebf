import { type AudioFrame, type Cancel, type Frame, type Graph, isSluiceError, type VideoFrame } from '@sluice/core';
import { inspectLimits } from '../protocol/limits.ts';
import type { ScopeKind } from '../protocol/requests.ts';
import { PeakPackets } from './peak-packets.ts';
import { PicturePackets } from './picture-packets.ts';
import { SoundPackets } from './sound-packets.ts';

/** Whether nothing but thumbnails is asked for. */
export function isSmall(kinds: readonly ScopeKind[]): boolean {
  return kinds.every((kind) => kind === 'thumbnail');
}

/** One link that somebody looks at, with the packets that it gives. Costs nothing before it is made and after `close`. */
export class LinkScope {
  readonly graph: number;
  readonly link: string;
  /** Whether it is no more than a thumbnail. */
  readonly small: boolean;
  readonly #of: Graph;
  readonly #sound: SoundPackets | undefined;
  readonly #peaks: PeakPackets | undefined;
  readonly #pictures: readonly PicturePackets[];
  #cancel: Cancel;

  /**
   * @param isSeen whether anybody sees thumbnails now
   * @throws `SLUICE_LINK_INVALID` for a link that is not there
   */
  constructor(
    of: { readonly id: number; readonly graph: Graph },
    asked: { readonly id: number; readonly link: string; readonly kinds: readonly ScopeKind[] },
    send: (packet: Uint8Array) => void,
    isSeen: () => boolean = () => true,
  ) {
    const { id, link, kinds } = asked;
    this.graph = of.id;
    this.link = link;
    this.#of = of.graph;
    this.#sound = kinds.includes('sound') ? new SoundPackets(id, send) : undefined;
    this.#peaks = kinds.includes('peaks') ? new PeakPackets(id, send) : undefined;
    this.small = isSmall(kinds);
    this.#pictures = [
      ...(kinds.includes('picture') ? [new PicturePackets(id, send, inspectLimits.pictureWidth)] : []),
      ...(kinds.includes('thumbnail') ? [new PicturePackets(id, send, inspectLimits.thumbnailWidth, isSeen)] : []),
    ];
    this.#cancel = this.#tap();
  }

  /** After a change of the graph another link may have the name. */
  renew(): void {
    this.#cancel();
    try {
      this.#cancel = this.#tap();
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      this.#cancel = () => {};
    }
  }

  /** Sends what is there: now and then, so that what is paused is seen to its end. */
  flush(): void {
    this.#sound?.flush();
    this.#peaks?.flush();
  }

  close(): void {
    this.#cancel();
    this.flush();
  }

  #tap(): Cancel {
    return this.#of.tap(this.link, (frame) => this.#take(frame));
  }

  #take(frame: Frame): void {
    if (frame.kind === 'audio') {
      this.#sound?.push(frame as AudioFrame);
      this.#peaks?.push(frame as AudioFrame);
    } else if (frame.kind === 'video') for (const pictures of this.#pictures) pictures.push(frame as VideoFrame);
  }
}
