// The drawing of a graph: where things stand, what they look like, and how one moves in it.

import { Graph, layout } from '@dagrejs/dagre';
import type { GraphTopology, LinkTopology } from '../../protocol/messages.ts';

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
const LABEL = { width: 156, height: 66 };
/** What a picture on a link takes more. */
const PICTURE_HEIGHT = 70;
/** Whether a link has room for a picture. */
export type HasPicture = (link: LinkTopology) => boolean;
const noPictures: HasPicture = () => false;

/** A box as the style of what stands in it. */
export function placeOf({ x, y, width, height }: Box): Readonly<Record<'left' | 'top' | 'width' | 'height', string>> {
  return { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
}

/** Is another one when a node, a link or a picture comes or goes: then things move, and at no other time. */
export function structureKey({ graph, nodes, links }: GraphTopology, hasPicture = noPictures): string {
  const ends = links.map((link) => `${link.id}${hasPicture(link) ? '\t' : ''}`);
  return [graph, ...nodes.map(({ id }) => id), '', ...ends].join('\n');
}

/** Places a graph from left to right. */
export function layOut({ nodes, links }: GraphTopology, hasPicture = noPictures): Layout {
  const labelOf = (link: LinkTopology) => ({
    ...LABEL,
    height: LABEL.height + (hasPicture(link) ? PICTURE_HEIGHT : 0),
  });
  const drawing = new Graph({ compound: true, multigraph: true });
  drawing.setGraph({ rankdir: 'LR', nodesep: 26, ranksep: 22, edgesep: 14, marginx: 24, marginy: 24 });
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
  for (const link of links)
    drawing.setEdge(nodeKey(link.from), nodeKey(link.to), { ...labelOf(link), labelpos: 'c' }, link.id);
  layout(drawing);
  const groups = drawing.nodes().filter((key: string) => key.startsWith('group '));
  return {
    nodes: new Map(nodes.map(({ id }) => [id, boxOf(drawing.node(nodeKey(id)))])),
    links: links.map((link) => {
      const { id, from, to } = link;
      const edge = drawing.edge(nodeKey(from), nodeKey(to), id) as { points: Point[]; x: number; y: number };
      return { id, path: smooth(edge.points), label: boxOf({ ...labelOf(link), x: edge.x, y: edge.y }) };
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
