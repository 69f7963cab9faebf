import { SLOW_NANOS } from '../runtime/actors/processing-time.ts';
import type { LinkSnapshot, NodeSnapshot } from './snapshot.ts';

const SLOW_MICROS = SLOW_NANOS / 1_000;

/** A frame that takes this long is heard, even if it is the only one. */
const HEARD_MICROS = 50_000;

/** Of a hundred frames so many may be slow: garbage that is collected, or another process, may hold any node once. */
const SLOW_SHARE = 0.01;

/** What is wrong, one sentence each: who, what, why as far as it is known, and what to do. */
export function listProblems(nodes: readonly NodeSnapshot[], links: readonly LinkSnapshot[]): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return [...nodes.flatMap((node) => nodeProblems(node)), ...links.flatMap((link) => linkProblems(link, byId, nodes))];
}

function nodeProblems(node: NodeSnapshot): string[] {
  const problems: string[] = [];
  for (const warning of node.warnings) problems.push(`\`${node.id}\` ${warning}`);
  const because = node.lastError === undefined ? '' : `: ${node.lastError}`;
  if (node.state === 'down') problems.push(`\`${node.id}\` is down and will be restarted${because}`);
  else if (node.state === 'failed') problems.push(`\`${node.id}\` failed${because}`);
  else if (node.restarts > 0) problems.push(`\`${node.id}\` was restarted ${times(node.restarts)}${because}`);
  else if (node.errors > 0) problems.push(`\`${node.id}\` reported ${node.errors} fault(s)${because}`);
  if (holdsTheLoop(node.processing))
    problems.push(
      `\`${node.id}\` held the event loop for ${(node.processing.slowest / 1_000).toFixed(0)} ms on one frame; give it a worker (inWorker) or smaller frames`,
    );
  return problems;
}

function holdsTheLoop({ count, slow, slowest }: NodeSnapshot['processing']): boolean {
  return slowest > HEARD_MICROS || (slow > 1 && slow >= count * SLOW_SHARE);
}

function linkProblems(
  link: LinkSnapshot,
  byId: ReadonlyMap<string, NodeSnapshot>,
  nodes: readonly NodeSnapshot[],
): string[] {
  const problems: string[] = [];
  const receiver = byId.get(link.to);
  if (link.droppedFrames > 0) {
    const { id, max } = slowest(nodes) ?? { id: link.to, max: 0 };
    const culprit =
      receiver?.state === 'down'
        ? `\`${link.to}\` is down`
        : max > SLOW_MICROS
          ? `\`${id}\` held the event loop for ${(max / 1_000).toFixed(0)} ms`
          : `\`${link.to}\` takes frames more slowly than they come`;
    problems.push(
      `\`${link.from}\` dropped ${link.droppedFrames} frames (${link.droppedMs.toFixed(0)} ms) before \`${link.to}\`: ${culprit}; raise the capacity of the link or make the receiver faster`,
    );
  }
  if (link.full && link.policy === 'block' && receiver?.held === 0 && !receiver.waiting && receiver.state === 'running')
    problems.push(
      `\`${link.from}\` waits for \`${link.to}\`, which takes nothing although it holds nothing: look at its operators`,
    );
  return problems;
}

function slowest(nodes: readonly NodeSnapshot[]): { id: string; max: number } | undefined {
  return nodes
    .map((node) => ({ id: node.id, max: node.processing.slowest }))
    .sort((a, b) => b.max - a.max)
    .at(0);
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
