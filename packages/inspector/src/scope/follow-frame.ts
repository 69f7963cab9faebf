import type { Cancel, Frame, Graph } from '@sluice/core';
import { inspectLimits } from '../protocol/limits.ts';
import type { FollowedHop } from '../protocol/messages.ts';

/**
 * Follows the next frame that passes a link: on each link behind it, when its media came. A node that makes other media of it,
 * with times of their own, ends the way. Resolves when all links have seen it, or after two seconds; with nothing if no frame came.
 *
 * @throws `SLUICE_LINK_INVALID` for a link that is not there
 */
export async function followFrame(graph: Graph, link: string): Promise<readonly FollowedHop[]> {
  const ways = linksBehind(graph, link);
  const hops: FollowedHop[] = [];
  const cancels: Cancel[] = [];
  let first: { readonly timestamp: number; readonly at: number } | undefined;
  await new Promise<void>((resolve) => {
    const see = (id: string, frame: Frame) => {
      const at = performance.now();
      if (id === link) first ??= { timestamp: frame.timestamp, at };
      if (first === undefined || hops.some((hop) => hop.link === id) || !covers(frame, first.timestamp)) return;
      hops.push({ link: id, afterMs: Math.round(100 * (at - first.at)) / 100 });
      if (hops.length === ways.length) resolve();
    };
    for (const id of ways) cancels.push(graph.tap(id, (frame) => see(id, frame)));
    setTimeout(resolve, inspectLimits.followMs).unref();
  });
  for (const cancel of cancels) cancel();
  return hops;
}

/** Whether a moment of media lies in a frame, or right before it: frames may be cut anew on the way. */
function covers({ timestamp, duration }: Frame, moment: number): boolean {
  return timestamp + Math.max(duration ?? 0, 1) > moment;
}

/** A link and all that what passes it may come to. */
function linksBehind(graph: Graph, link: string): readonly string[] {
  const { links } = graph.inspect();
  const found = [link];
  for (const id of found) {
    const to = links.find((one) => one.id === id)?.to;
    for (const next of links) if (next.from === to && !found.includes(next.id)) found.push(next.id);
  }
  return found;
}
