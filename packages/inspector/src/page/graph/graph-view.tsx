import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import type { LinkTopology } from '../../protocol/messages.ts';
import type { Recent } from '../figures/recent.ts';
import { GraphLinkLabel } from './graph-link.tsx';
import { GraphNode } from './graph-node.tsx';
import { layOut, placeOf, structureKey } from './lay-out.ts';
import { type Direction, neighbour } from './neighbour.ts';
import type { DrawnGraph, PickedPart } from './picked-part.ts';
import { usePanZoom } from './use-pan-zoom.ts';
import { Viewport } from './viewport.ts';

export interface GraphViewProps {
  readonly view: DrawnGraph;
  readonly recent: Recent;
  readonly picked: PickedPart | undefined;
  readonly pick: (picked: PickedPart) => void;
  /** Shows what a link carries; undefined where no pictures may be seen. */
  readonly picture?: ((link: string) => ComponentChildren) | undefined;
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The graph from left to right. Places change with its nodes and links only; numbers move in them. */
export function GraphView({ view, recent, picked, pick, picture }: GraphViewProps) {
  const { topology, sample } = view;
  const seen = picture !== undefined;
  const hasPicture = useCallback((link: LinkTopology) => seen && isVideo(link), [seen]);
  const key = structureKey(topology, hasPicture);
  const layout = useMemo(() => layOut(topology, hasPicture), [key]);
  const viewport = useRef(new Viewport()).current;
  const frame = useRef<HTMLDivElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  usePanZoom(viewport, frame, sheet, layout);
  useEffect(() => {
    const box =
      picked?.kind === 'node' ? layout.nodes.get(picked.id) : layout.links.find(({ id }) => id === picked?.id)?.label;
    if (box !== undefined) viewport.show(box);
  }, [picked, layout, viewport]);

  const onKeyDown = (event: KeyboardEvent) => {
    const direction = arrows[event.key];
    const node = (event.target as HTMLElement).dataset.node;
    if (direction === undefined || node === undefined) return;
    event.preventDefault();
    const next = neighbour(topology, layout, node, direction);
    if (next === undefined) return;
    pick({ kind: 'node', id: next });
    sheet.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"]`)?.focus({ preventScroll: true });
  };

  const drops = topology.links.map((_, at) => (recent.linkGrowth(topology.graph, 'droppedFrames', at) > 0 ? 1 : 0));
  const lines = useMemo(
    () => (
      <svg aria-hidden="true" width={layout.size.width} height={layout.size.height}>
        {layout.links.map(({ id, path }, at) => (
          <path
            key={id}
            d={path}
            class={linkClass(topology.links[at]!.converter !== undefined, picked?.id === id, drops[at] === 1)}
          />
        ))}
      </svg>
    ),
    [layout, topology, picked, drops.join('')],
  );

  return (
    <section class="graph" aria-label="Graph" ref={frame}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys that bubble from the nodes, which are buttons */}
      <div class="sheet" ref={sheet} onKeyDown={onKeyDown}>
        {layout.groups.map(({ name, x, y, width, height }) => (
          <div key={name} class="group" style={placeOf({ x, y, width, height })}>
            <span>{name}</span>
          </div>
        ))}
        {lines}
        {layout.links.map(({ id, label }, index) => (
          <GraphLinkLabel
            key={id}
            link={topology.links[index]!}
            index={index}
            box={label}
            graph={topology.graph}
            sample={sample}
            recent={recent}
            picked={picked?.kind === 'link' && picked.id === id}
            pick={pick}
            picture={hasPicture(topology.links[index]!) ? picture : undefined}
          />
        ))}
        {topology.nodes.map((node, index) => (
          <GraphNode
            key={node.id}
            node={node}
            index={index}
            box={layout.nodes.get(node.id)!}
            graph={topology.graph}
            sample={sample}
            recent={recent}
            picked={picked?.kind === 'node' && picked.id === node.id}
            pick={pick}
          />
        ))}
      </div>
      <div class="zoom">
        <button type="button" aria-label="Larger" title="Larger (+)" onClick={() => viewport.zoom(1.25)}>
          +
        </button>
        <button type="button" aria-label="Smaller" title="Smaller (−)" onClick={() => viewport.zoom(0.8)}>
          −
        </button>
        <button type="button" aria-label="Fit" title="Show all (0)" onClick={() => viewport.fit(layout.size)}>
          ⤢
        </button>
      </div>
    </section>
  );
}

const isVideo = ({ format }: LinkTopology) => format?.startsWith('video') === true;

function linkClass(converts: boolean, picked: boolean, drops: boolean): string {
  return ['link', converts ? 'converts' : '', picked ? 'picked' : '', drops ? 'drops' : ''].join(' ').trim();
}
