import type { Recent } from '../figures/recent.ts';
import { writeAges, writeCount, writeFormat, writeMany, writeMicros, writeMs, writeRate } from '../figures/written.ts';
import type { DrawnGraph, PickedPart } from '../graph/picked-part.ts';
import { Figures } from './figures.tsx';

export interface LinkPanelProps {
  readonly view: DrawnGraph;
  readonly id: string;
  readonly recent: Recent;
  readonly pick: (picked: PickedPart) => void;
}

/** Everything of one link. */
export function LinkPanel({ view, id, recent, pick }: LinkPanelProps) {
  const { topology, sample } = view;
  const index = topology.links.findIndex((link) => link.id === id);
  const link = topology.links[index];
  if (link === undefined) return <p class="quiet">{id} is not in the graph any more.</p>;
  const { graph } = topology;
  const of = (column: keyof NonNullable<typeof sample>['links']) => sample?.links[column][index] ?? 0;
  const { frames, ms } = link.capacity;
  const bounds = [frames === null ? [] : writeMany(frames, 'frame'), ms === null ? [] : writeMs(ms)]
    .flat()
    .join(' or ');
  return (
    <section class="panel" aria-labelledby="panel-title">
      <h2 id="panel-title">{id}</h2>
      <p class="ways">
        {[link.from, link.to].map((node) => (
          <button key={node} type="button" class="plain" onClick={() => pick({ kind: 'node', id: node })}>
            {node}
          </button>
        ))}
      </p>
      <Figures
        rows={[
          ['Format', writeFormat(link.format)],
          ['Converts', link.converter ?? 'nothing'],
          ['Into', link.port],
          ['When it is full', link.policy],
          ['May hold', bounds],
          ['Holds', `${writeMany(of('depth'), 'frame')}, ${writeMs(of('depthMs'))}`],
          ['Held at most', writeMany(of('maxDepth'), 'frame')],
          ['Passed', `${writeCount(of('frames'))} · ${writeRate(recent.linkRate(graph, 'frames', index))}`],
          ['Dropped', `${writeMany(of('droppedFrames'), 'frame')}, ${writeMs(of('droppedMs'))}`],
          ['A frame waits (p50, p99)', [of('waitP50'), of('waitP99')].map(writeMicros).join(', ')],
          ['A frame is so old (p50, p95)', writeAges(sample?.links, index)],
        ]}
      />
    </section>
  );
}
