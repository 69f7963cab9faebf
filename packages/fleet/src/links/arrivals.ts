import { closeFrame, type Frame } from '@sluice/core';

/** What came and has no room in the graph yet, in order. Bounded by whoever grants credit. */
export class Arrivals {
  #frames: { readonly frame: Frame; readonly bytes: number }[] = [];
  bytes = 0;

  get size(): number {
    return this.#frames.length;
  }

  push(frame: Frame, bytes: number): void {
    this.#frames.push({ frame, bytes });
    this.bytes += bytes;
  }

  shift(): { readonly frame: Frame; readonly bytes: number } | undefined {
    const first = this.#frames.shift();
    if (first !== undefined) this.bytes -= first.bytes;
    return first;
  }

  /** Closes all of it. Returns the media that was in it, in microseconds. */
  clear(): number {
    let dropped = 0;
    for (const { frame } of this.#frames) {
      dropped += frame.duration ?? 0;
      closeFrame(frame);
    }
    this.#frames = [];
    this.bytes = 0;
    return dropped;
  }
}
