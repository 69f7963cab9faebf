import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import type { LinkTopology } from '../../protocol/messages.ts';
import type { Recent } from '../figures/recent.ts';
import { GraphBundle, GraphFold } from './graph-fold.tsx';
import { GraphLinkLabel } from './graph-link.tsx';
import { GraphNode } from './graph-node.tsx';
import { layOut, placeOf, structureKey } from './lay-out.ts';
import { type Direction, neighbour } from './neighbour.ts';
import type { DrawnGraph, PickedPart } from './picked-part.ts';
import { useFolds } from './use-folds.ts';
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
  const { drawn, folded, bundles, places, foldable, newest, open, close } = useFolds(topology, picked);
  const key = structureKey(drawn, hasPicture);
  const layout = useMemo(() => layOut(drawn, hasPicture), [key]);
  const viewport = useRef(new Viewport()).current;
  const frame = useRef<HTMLDivElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  usePanZoom(viewport, frame, sheet, layout);
  useEffect(() => {
    const box =
      picked?.kind === 'node' ? layout.nodes.get(picked.id) : layout.links.find(({ id }) => id === picked?.id)?.label;
    viewport.show(box ?? layout.groups.find(({ name }) => name === newest));
  }, [picked, layout, viewport, newest]);

  const onKeyDown = (event: KeyboardEvent) => {
    const direction = arrows[event.key];
    const node = (event.target as HTMLElement).dataset.node;
    if (direction === undefined || node === undefined) return;
    event.preventDefault();
    const next = neighbour(drawn, layout, node, direction);
    if (next === undefined) return;
    if (!folded.has(next)) pick({ kind: 'node', id: next });
    sheet.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"]`)?.focus({ preventScroll: true });
  };

  const { graph } = topology;
  const drops = drawn.links.map(({ id }) =>
    bundles.get(id)!.some((at) => recent.linkGrowth(graph, 'droppedFrames', at) > 0) ? 1 : 0,
  );
  const common = { topology, sample, recent };
  const lines = useMemo(
    () => (
      <svg aria-hidden="true" width={layout.size.width} height={layout.size.height}>
        {layout.links.map(({ id, path }, at) => (
          <path
            key={id}
            d={path}
            class={linkClass(drawn.links[at]!.converter !== undefined, picked?.id === id, drops[at] === 1)}
          />
        ))}
      </svg>
    ),
    [layout, drawn, picked, drops.join('')],
  );

  return (
    <section class="graph" aria-label="Graph" ref={frame}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys that bubble from the nodes, which are buttons */}
      <div class="sheet" ref={sheet} onKeyDown={onKeyDown}>
        {layout.groups.map(({ name, x, y, width, height }) => (
          <div key={name} class="group" style={placeOf({ x, y, width, height })}>
            {foldable ? (
              <button type="button" class="plain" aria-expanded="true" onClick={() => close(name)}>
                ▾ {name}
              </button>
            ) : (
              <span>{name}</span>
            )}
          </div>
        ))}
        {lines}
        {layout.links.map(({ id, label }, at) => {
          const [index, ...others] = bundles.get(id) as readonly [number, ...number[]];
          const link = topology.links[index]!;
          const { from, to } = drawn.links[at]!;
          const paths = [from, to].flatMap((end) => folded.get(end)?.path ?? []);
          return others.length > 0 ? (
            <GraphBundle key={id} {...common} links={[index, ...others]} box={label} open={() => open(paths)} />
          ) : (
            <GraphLinkLabel
              key={id}
              link={link}
              index={index}
              box={label}
              graph={graph}
              sample={sample}
              recent={recent}
              picked={picked?.kind === 'link' && picked.id === id}
              pick={pick}
              picture={hasPicture(link) ? picture : undefined}
            />
          );
        })}
        {drawn.nodes.map((node) => {
          const box = layout.nodes.get(node.id)!;
          const group = folded.get(node.id);
          return group !== undefined ? (
            <GraphFold key={node.id} {...common} id={node.id} group={group} box={box} open={() => open([group.path])} />
          ) : (
            <GraphNode
              key={node.id}
              node={node}
              index={places.get(node.id)!}
              box={box}
              graph={graph}
              sample={sample}
              recent={recent}
              picked={picked?.kind === 'node' && picked.id === node.id}
              pick={pick}
            />
          );
        })}
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
