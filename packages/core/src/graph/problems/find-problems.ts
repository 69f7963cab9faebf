// What is wrong with a graph, as sentences with culprit, fix and moment. How the parts of a graph are is a matter of `runtime`;
// nothing here changes them.

import type { Runtime } from '../../runtime/runtime.ts';
import type { Part } from '../../runtime/wiring.ts';
import type { Diagnostic, Finding } from './diagnostic.ts';
import { type LinkLook, linkProblems, type Parts } from './link-problems.ts';
import { type NodeLook, nodeProblems } from './node-problems.ts';
import { ProblemLog } from './problem-log.ts';
import { soundProblems } from './sound-problems.ts';
import { adviceOf, asFix, messageOf } from './told-error.ts';

const logs = new WeakMap<Runtime, ProblemLog>();

/** All that is wrong, and was. `parts` are snapshots of what is `seen`, in its order. */
export function findProblems(runtime: Runtime, { actors, links }: Part, parts: Parts): readonly Diagnostic[] {
  const { startedAt, over } = runtime.lifetime;
  const now = runtime.clock.now();
  const log = logs.get(runtime) ?? new ProblemLog();
  logs.set(runtime, log);
  const nodeLooks = actors.map((actor, index): NodeLook => {
    const node = parts.nodes[index]!;
    return {
      node,
      lastError: actor.lastError,
      faulted: actor.faulted.since(startedAt),
      restarted: actor.restarted.since(startedAt),
      slowed: actor.slowed.since(startedAt),
      broke: log.grew(actor.id, node.glitches?.gaps ?? 0, now - startedAt),
    };
  });
  const linkLooks = links.map(
    ({ dropped }, index): LinkLook => ({ link: parts.links[index]!, dropped: dropped.since(startedAt) }),
  );
  const findings: Finding[] = [
    ...endProblems(runtime, parts),
    ...nodeLooks.flatMap(nodeProblems),
    ...linkLooks.flatMap((look) => linkProblems(look, parts)),
    ...(over ? [] : actors.flatMap((actor) => soundProblems(actor, now, startedAt))),
    ...runtime.stalls.problems.map(({ text, fix, culprit }) => ({ text, fix: asFix(fix), node: culprit.id })),
    ...runtime.pauses.problems,
  ];
  return log.date(findings, runtime.status === 'idle' ? 0 : now - startedAt, over);
}

/** What ended the graph and no node said: a deadline, for example. */
function endProblems({ status, lifetime: { cause } }: Runtime, { nodes }: Parts): Finding[] {
  if (status !== 'failed' || cause === undefined || nodes.some(({ lastError }) => lastError === cause.message))
    return [];
  return [{ text: `the graph failed: ${messageOf(cause)}`, ...adviceOf(cause) }];
}
