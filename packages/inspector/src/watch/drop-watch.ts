import type { GraphSnapshot } from '@sluice/core';

/** A link that drops all the time is told once in so long, in milliseconds. */
const TOLD_MS = 1_000;

/** What links dropped since it was told last. */
export class DropWatch {
  #known = new Map<string, number>();
  #toldAt = Number.NEGATIVE_INFINITY;

  /** Frames dropped meanwhile, by link. What is new in the graph has dropped nothing yet that somebody could know of. */
  look({ links }: GraphSnapshot, now = performance.now()): { readonly link: string; readonly frames: number }[] {
    if (now - this.#toldAt < TOLD_MS) return [];
    this.#toldAt = now;
    const before = this.#known;
    this.#known = new Map(links.map(({ id, droppedFrames }) => [id, droppedFrames]));
    return links
      .map(({ id, droppedFrames }) => ({ link: id, frames: droppedFrames - (before.get(id) ?? droppedFrames) }))
      .filter(({ frames }) => frames > 0);
  }
}
