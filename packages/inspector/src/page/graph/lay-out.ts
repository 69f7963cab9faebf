// The drawing of a graph: where things stand, what they look like, and how one moves in it.

import { graphlib, layout } from '@dagrejs/dagre';
import type { GraphTopology } from '../../protocol/messages.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle by its left upper corner. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedLink {
  readonly id: string;
  /** Of an SVG path. */
  readonly path: string;
  readonly label: Box;
}

/** Where everything stands, in pixels from the left upper corner. */
export interface Layout {
  readonly nodes: ReadonlyMap<string, Box>;
  readonly links: readonly PlacedLink[];
  /** Groups by their paths, outer ones first. */
  readonly groups: readonly (Box & { readonly name: string })[];
  readonly size: { readonly width: number; readonly height: number };
}

const NODE = { width: 208, height: 92 };
const LABEL = { width: 132, height: 66 };

/** A box as the style of what stands in it. */
export function placeOf({ x, y, width, height }: Box): Readonly<Record<'left' | 'top' | 'width' | 'height', string>> {
  return { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
}

/** Is another one when a node or a link comes or goes: then things move, and at no other time. */
export function structureKey({ graph, nodes, links }: GraphTopology): string {
  return [graph, ...nodes.map(({ id }) => id), '', ...links.map(({ id }) => id)].join('\n');
}

/** Places a graph from left to right. */
export function layOut({ nodes, links }: GraphTopology): Layout {
  const drawing = new graphlib.Graph({ compound: true, multigraph: true });
  drawing.setGraph({ rankdir: 'LR', nodesep: 26, ranksep: 34, edgesep: 14, marginx: 24, marginy: 24 });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (const { id, groups } of nodes) {
    drawing.setNode(nodeKey(id), { ...NODE });
    let outer: string | undefined;
    for (const [depth] of groups.entries()) {
      const key = groupKey(groups.slice(0, depth + 1));
      if (!drawing.hasNode(key)) drawing.setNode(key, {});
      if (outer !== undefined) drawing.setParent(key, outer);
      outer = key;
    }
    if (outer !== undefined) drawing.setParent(nodeKey(id), outer);
  }
  for (const { id, from, to } of links) drawing.setEdge(nodeKey(from), nodeKey(to), { ...LABEL, labelpos: 'c' }, id);
  layout(drawing);
  const groups = drawing.nodes().filter((key: string) => key.startsWith('group '));
  return {
    nodes: new Map(nodes.map(({ id }) => [id, boxOf(drawing.node(nodeKey(id)))])),
    links: links.map(({ id, from, to }) => {
      const edge = drawing.edge(nodeKey(from), nodeKey(to), id) as { points: Point[]; x: number; y: number };
      return { id, path: smooth(edge.points), label: boxOf({ ...LABEL, x: edge.x, y: edge.y }) };
    }),
    groups: groups.map((key: string) => ({ ...boxOf(drawing.node(key)), name: key.slice('group '.length) })),
    size: { width: drawing.graph().width ?? 0, height: drawing.graph().height ?? 0 },
  };
}

const nodeKey = (id: string) => `node ${id}`;
const groupKey = (path: readonly string[]) => `group ${path.join('/')}`;

function boxOf({ x, y, width, height }: Box): Box {
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** A curve through the points, flat at each: links leave to the right and come from the left. */
function smooth(points: readonly Point[]): string {
  const [first, ...others] = points;
  if (first === undefined) return '';
  let path = `M${first.x},${first.y}`;
  let before = first;
  for (const point of others) {
    const middle = (before.x + point.x) / 2;
    path += ` C${middle},${before.y} ${middle},${point.y} ${point.x},${point.y}`;
    before = point;
  }
  return path;
}
