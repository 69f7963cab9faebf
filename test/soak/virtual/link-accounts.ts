import type { Graph, GraphSnapshot } from '@sluice/core';

/** Of everything that comes without a converter. */
const FRAME_MS = 20;

/**
 * What became of every frame that left a node: delivered, dropped and counted, waiting, or cut by an interruption, which
 * tells how much that was.
 */
export class LinkAccounts {
  readonly broken: string[] = [];
  readonly #graph: Graph;
  /** Frames of each link that interruptions have cut. */
  readonly #cut = new Map<string, number>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Interrupts the whole graph. */
  interrupt(): void {
    const before = missing(this.#graph.inspect());
    const report = this.#graph.interrupt();
    const after = missing(this.#graph.inspect());
    const cuts = [...after].map(([link, frames]) => [link, frames - (before.get(link) ?? 0)] as const);
    for (const [link, frames] of cuts) this.#cut.set(link, (this.#cut.get(link) ?? 0) + frames);
    void report.then(({ droppedMs }) => {
      for (const [link, frames] of cuts)
        if (frames * FRAME_MS > droppedMs + FRAME_MS)
          this.broken.push(`${link}: ${frames} frames were cut, ${droppedMs} ms were told`);
    });
  }

  /** Links on which frames came from nowhere or went there. */
  check(snapshot: GraphSnapshot): string[] {
    const broken: string[] = [];
    for (const [link, frames] of missing(snapshot)) {
      const cut = this.#cut.get(link) ?? 0;
      if (frames !== cut) broken.push(`${link}: ${frames} frames are missing, ${cut} were cut`);
    }
    for (const { id, depth, depthMs, capacity, maxDepth } of snapshot.links)
      if (depthMs > capacity.ms + FRAME_MS || depth > capacity.frames)
        broken.push(`${id} holds ${depth} frames (${depthMs} ms, at most ${maxDepth}), more than it may`);
    return broken;
  }
}

/** Frames of each link that its sender has sent and nobody has. */
function missing({ nodes, links }: GraphSnapshot): Map<string, number> {
  const sent = new Map(nodes.map(({ id, framesOut }) => [id, framesOut]));
  return new Map(
    links
      .filter(({ from, converter }) => converter === undefined && !from.startsWith('guest') && from !== 'vad')
      .map(({ id, from, frames, droppedFrames, depth }) => [id, sent.get(from)! - frames - droppedFrames - depth]),
  );
}
