import type { GraphSample, GraphTopology } from '../../protocol/messages.ts';
import type { Recent } from '../figures/recent.ts';
import { writeCount, writeMany, writeRate } from '../figures/written.ts';
import type { Folded } from './fold.ts';
import { type Box, placeOf } from './lay-out.ts';
import { moodOf, worstMood } from './node-mood.ts';

interface Of {
  readonly box: Box;
  readonly topology: GraphTopology;
  readonly sample: GraphSample | undefined;
  readonly recent: Recent;
  readonly open: () => void;
}

/** A group as one node: how many are in it, and how the worst of them is. */
export function GraphFold({ group, id, box, topology, sample, recent, open }: Of & { group: Folded; id: string }) {
  const { graph, nodes } = topology;
  const mood = worstMood(group.nodes.map((index) => moodOf(nodes[index]!, index, graph, sample, recent)));
  const ids = new Set(group.nodes.map((index) => nodes[index]!.id));
  const problems = (sample?.problems ?? []).filter(({ node, past }) => past !== true && node && ids.has(node)).length;
  const dropped = sumOf(group.links, (index) => recent.linkGrowth(graph, 'droppedFrames', index));
  return (
    <button
      type="button"
      class={`node folded ${mood}`}
      data-node={id}
      aria-expanded="false"
      style={placeOf(box)}
      onClick={open}
    >
      <span class="head">
        <span class="mark" aria-hidden="true">
          ▸
        </span>
        <strong>{group.path}</strong>
        {mood === 'working' || mood === 'idle' ? null : <span class="badge">{mood}</span>}
      </span>
      <span class="made">
        {writeMany(group.nodes.length, 'node')}, {writeMany(group.links.length, 'link')}
      </span>
      <span class="figures">
        <span>{writeMany(problems, 'problem')}</span>
        {dropped > 0 ? <span class="dropped">✕ {writeCount(dropped)}</span> : null}
      </span>
    </button>
  );
}

/** Several links to or from a folded group, as one. */
export function GraphBundle({ links, box, topology, recent, open }: Of & { links: readonly number[] }) {
  const { graph } = topology;
  const dropped = sumOf(links, (index) => recent.linkGrowth(graph, 'droppedFrames', index));
  return (
    <button type="button" class="link-label" style={placeOf(box)} onClick={open}>
      <span class="format">{writeMany(links.length, 'link')}</span>
      <span class="policy">opens the group</span>
      <span class="figures">
        <span>{writeRate(sumOf(links, (index) => recent.linkRate(graph, 'frames', index)))}</span>
        {dropped > 0 ? <span class="dropped">✕ {writeCount(dropped)}</span> : null}
      </span>
    </button>
  );
}

function sumOf(places: readonly number[], read: (index: number) => number): number {
  return places.reduce((sum, index) => sum + read(index), 0);
}
