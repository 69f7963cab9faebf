import type { LinkSnapshot, NodeSnapshot } from '../snapshot.ts';
import type { Finding, Happened } from './diagnostic.ts';
import { SLOW_MICROS } from './node-problems.ts';

/** A live source that waits for so long is late, in milliseconds: before that, its links bridge it. */
const WAITS_MS = 2_000;

/** A link with the time of what happened to it. */
export interface LinkLook {
  readonly link: LinkSnapshot;
  readonly dropped: Happened | undefined;
}

/** What a graph is made of, at one look. */
export interface Parts {
  readonly nodes: readonly NodeSnapshot[];
  readonly links: readonly LinkSnapshot[];
}

/** What is wrong with a link. */
export function linkProblems({ link, dropped }: LinkLook, parts: Parts): Finding[] {
  const { droppedFrames, droppedMs, from, to } = link;
  const problems: Finding[] = [];
  if (droppedFrames > 0) {
    const { why, fix, node } = culpritOf(link, parts);
    const frames = droppedFrames === 1 ? 'a frame' : `${droppedFrames} frames`;
    problems.push({
      text: `\`${from}\` dropped ${frames} (${spanOf(droppedMs)}) before \`${to}\`: ${why}`,
      fix,
      node,
      link: link.id,
      when: dropped,
    });
  }
  const waiting = waitingOf(link, parts);
  if (waiting !== undefined) problems.push({ ...waiting, link: link.id });
  return problems;
}

/** Who waits at a link for whom, where that is no sink that takes its time: only what cannot wait suffers. */
function waitingOf({ from, to, policy, full, fullForMs }: LinkSnapshot, parts: Parts): Finding | undefined {
  const [sender, receiver] = [nodeOf(parts, from), nodeOf(parts, to)];
  if (policy !== 'block' || receiver?.state !== 'running') return undefined;
  if (full && receiver.held === 0 && !receiver.waiting)
    return {
      text: `\`${from}\` waits for \`${to}\`, which takes nothing although it holds nothing`,
      fix: `look at what the operators of \`${to}\` wait for`,
      node: to,
    };
  if (fullForMs < WAITS_MS || sender?.live !== true || receiver.waiting) return undefined;
  return {
    text: `\`${from}\` waits for \`${to}\`: the queue between them has been full for ${(fullForMs / 1_000).toFixed(1)} s, and what comes is live`,
    fix: `make \`${to}\` faster, or let the link drop: with({ link: { policy: 'drop-oldest' } })`,
    node: to,
  };
}

function culpritOf(link: LinkSnapshot, parts: Parts): Required<Pick<Finding, 'fix' | 'node'>> & { why: string } {
  const slow = slowest(parts.nodes);
  const last = behind(link.to, parts);
  const down = `\`${link.to}\` is down`;
  if (nodeOf(parts, link.to)?.state === 'down') return { why: down, fix: 'mend what it throws', node: link.to };
  if (slow !== undefined && slow.max > SLOW_MICROS)
    return {
      why: `\`${slow.id}\` held the event loop for ${(slow.max / 1_000).toFixed(0)} ms`,
      fix: `give \`${slow.id}\` a worker (inWorker) or smaller frames`,
      node: slow.id,
    };
  const waits = last === link.to ? '' : `\`${link.to}\` waits for \`${last}\`, and `;
  return {
    why: `${waits}\`${last}\` takes frames more slowly than they come`,
    fix: `make \`${last}\` faster, or raise the capacity of the link: with({ link: { capacity: { ms } } })`,
    node: last,
  };
}

/** Whom a node waits for in the end: the first one behind full links that waits for nobody. */
function behind(id: string, parts: Parts, seen = new Set<string>()): string {
  if (seen.has(id) || nodeOf(parts, id)?.waiting !== true) return id;
  seen.add(id);
  const next = parts.links.find(({ from, full, policy }) => from === id && full && policy === 'block');
  return next === undefined ? id : behind(next.to, parts, seen);
}

function nodeOf({ nodes }: Parts, id: string): NodeSnapshot | undefined {
  return nodes.find((node) => node.id === id);
}

function slowest(nodes: readonly NodeSnapshot[]): { readonly id: string; readonly max: number } | undefined {
  return nodes
    .map((node) => ({ id: node.id, max: node.processing.slowest }))
    .sort((a, b) => b.max - a.max)
    .at(0);
}

function spanOf(ms: number): string {
  return ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
