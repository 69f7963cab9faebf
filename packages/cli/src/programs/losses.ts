import type { GraphSnapshot, LinkSnapshot, NodeSnapshot } from '@sluice/core';
import type { Problem } from '../terms/command.ts';

/** A frame that takes longer than this holds everybody up, in microseconds: a quarter of one of 20 ms. */
const SLOW_MICROS = 5_000;

/** What a graph lost: frames that links dropped, and gaps that its ends counted. */
export interface Losses {
  readonly droppedFrames: number;
  readonly gaps: number;
  /** One for each link that dropped and each end with gaps, with who it was. */
  readonly problems: readonly Problem[];
}

/** Sums up what was lost since a graph's start. */
export function lossesOf({ nodes, links }: Pick<GraphSnapshot, 'nodes' | 'links'>): Losses {
  const dropping = links.filter(({ droppedFrames }) => droppedFrames > 0);
  const broken = nodes.filter(({ glitches }) => (glitches?.gaps ?? 0) > 0);
  return {
    droppedFrames: dropping.reduce((sum, { droppedFrames }) => sum + droppedFrames, 0),
    gaps: broken.reduce((sum, { glitches }) => sum + glitches!.gaps, 0),
    problems: [...dropping.map((link) => dropProblem(link, nodes)), ...broken.map(gapProblem)],
  };
}

function dropProblem(link: LinkSnapshot, nodes: readonly NodeSnapshot[]): Problem {
  const { from, to, policy, frames, droppedFrames, droppedMs } = link;
  const { message, fix } = culpritOf(link, nodes);
  return {
    message: `\`${from}\` dropped ${droppedFrames} of ${frames} frames (${droppedMs.toFixed(0)} ms, ${policy}) before \`${to}\`: ${message}`,
    fix,
  };
}

function culpritOf({ to }: LinkSnapshot, nodes: readonly NodeSnapshot[]): { message: string; fix: string } {
  const [slowest] = [...nodes].sort((a, b) => b.processing.slowest - a.processing.slowest);
  const heldMs = (slowest?.processing.slowest ?? 0) / 1_000;
  if (nodes.find(({ id }) => id === to)?.state === 'down')
    return { message: `\`${to}\` is down`, fix: `Look at the last error of ${to}` };
  if (slowest !== undefined && heldMs > SLOW_MICROS / 1_000)
    return {
      message: `\`${slowest.id}\` held the event loop for ${heldMs.toFixed(0)} ms`,
      fix: `Give ${slowest.id} a worker (inWorker) or smaller frames`,
    };
  return {
    message: `\`${to}\` takes frames more slowly than they come`,
    fix: `Make ${to} faster, or raise the capacity of the link`,
  };
}

function gapProblem({ id, glitches }: NodeSnapshot): Problem {
  const { gaps, gapMs } = glitches!;
  return {
    message: `\`${id}\` broke off ${gaps === 1 ? 'once' : `${gaps} times`}, for ${gapMs.toFixed(0)} ms`,
    fix: 'Look at what stood still just then: sluice run <file> --inspect',
  };
}
