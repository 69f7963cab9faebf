import { useMemo } from 'preact/hooks';
import type { GraphSample, NodeTopology } from '../../protocol/messages.ts';
import type { Recent } from '../figures/recent.ts';
import { writeMade, writeRate, writeShare } from '../figures/written.ts';
import { type Box, placeOf } from './lay-out.ts';
import { moodOf } from './node-mood.ts';
import type { PickedPart } from './picked-part.ts';

export interface GraphNodeProps {
  readonly node: NodeTopology;
  readonly index: number;
  readonly box: Box;
  readonly graph: number;
  readonly sample: GraphSample | undefined;
  readonly recent: Recent;
  readonly picked: boolean;
  readonly pick: (picked: PickedPart) => void;
}

const marks = { source: '▶', operator: 'ƒ', sink: '■', node: '◆' } as const;
const RING = 2 * Math.PI * 9;

/** A node: who it is, what it does, how much goes through it, how much of its time it waits. */
export function GraphNode({ node, index, box, graph, sample, recent, picked, pick }: GraphNodeProps) {
  const state = sample?.states[index] ?? 'idle';
  const waits = recent.blockedShare(graph, index);
  const busy = recent.busyShare(graph, index);
  const rateIn = recent.nodeRate(graph, 'framesIn', index);
  const rateOut = recent.nodeRate(graph, 'framesOut', index);
  const paused = sample?.nodes.paused[index] === 1;
  const restarts = sample?.nodes.restarts[index] ?? 0;
  const mood = moodOf(node, index, graph, sample, recent);
  const rates = `${node.kind === 'source' ? '' : writeRate(rateIn)} → ${node.kind === 'sink' ? '' : writeRate(rateOut)}`;
  const [waitsTold, busyTold] = [waits >= 0.01 ? writeShare(waits) : undefined, writeShare(busy)];
  const badge = paused ? 'paused' : state === 'running' ? undefined : state;
  // Drawn anew only where something of it reads otherwise.
  return useMemo(
    () => (
      <button
        type="button"
        class={`node ${mood} ${picked ? 'picked' : ''}`}
        data-node={node.id}
        aria-pressed={picked}
        style={placeOf(box)}
        onClick={() => pick({ kind: 'node', id: node.id })}
      >
        <span class="head">
          <span class="mark" aria-hidden="true">
            {marks[node.kind]}
          </span>
          <strong>{node.id}</strong>
          {node.thread === 'worker' ? <span class="badge thread">worker</span> : null}
          {badge === undefined ? null : <span class="badge">{badge}</span>}
        </span>
        <span class="made">{writeMade(node)}</span>
        <span class="figures">
          <span>{rates}</span>
          {waitsTold === undefined ? null : node.live ? (
            <span class="waits">waits {waitsTold}</span>
          ) : (
            <span class="quiet">held back</span>
          )}
          {restarts > 0 ? <span class="restarts">↻ {restarts}</span> : null}
          <svg class="ring" viewBox="0 0 24 24" role="img" aria-label={`busy ${busyTold}`}>
            <circle cx="12" cy="12" r="9" />
            <circle cx="12" cy="12" r="9" class="part" stroke-dasharray={`${busy * RING} ${RING}`} />
          </svg>
        </span>
      </button>
    ),
    [node, box, picked, pick, mood, badge, rates, waitsTold, restarts, busyTold],
  );
}
