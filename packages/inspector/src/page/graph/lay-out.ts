// The drawing of a graph: where things stand, what they look like, and how one moves in it.

import { Graph, layout } from '@dagrejs/dagre';
import type { GraphTopology, LinkTopology } from '../../protocol/messages.ts';
import { type Part, partsOf } from './parts-of.ts';

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
/** Around each part. */
const MARGIN = 16;
/** Of a page of parts, width to height: about that of the window. */
const ASPECT = 1.5;
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

/** Places a graph from left to right; what does not hang together like words on a page. */
export function layOut(topology: GraphTopology, hasPicture = noPictures): Layout {
  const drawings = partsOf(topology).map((part) => ({ part, drawing: arranged(part, hasPicture) }));
  const { corners, size } = pageOf(drawings.map(({ drawing }) => drawing.graph()));
  const boxes = new Map<string, Box>();
  const placed = new Map<string, PlacedLink>();
  const groups: (Box & { readonly name: string })[] = [];
  for (const [at, { part, drawing }] of drawings.entries()) {
    const by = corners[at]!;
    for (const { id } of part.nodes) boxes.set(id, boxOf(drawing.node(nodeKey(id)), by));
    for (const link of part.links) {
      const { id, from, to } = link;
      const edge = drawing.edge(nodeKey(from), nodeKey(to), id) as { points: Point[]; x: number; y: number };
      const label = boxOf({ ...labelOf(link, hasPicture), x: edge.x, y: edge.y }, by);
      placed.set(id, { id, path: smooth(edge.points.map(({ x, y }) => ({ x: x + by.x, y: y + by.y }))), label });
    }
    for (const key of drawing.nodes() as string[])
      if (key.startsWith('group ')) groups.push({ ...boxOf(drawing.node(key), by), name: key.slice('group '.length) });
  }
  return { nodes: boxes, links: topology.links.map(({ id }) => placed.get(id)!), groups, size };
}

interface Page {
  readonly corners: readonly Point[];
  readonly size: { readonly width: number; readonly height: number };
}

/** The parts in rows, as many in the first as give the page whose shape is nearest to the wanted one. */
function pageOf(parts: readonly { readonly width?: number; readonly height?: number }[]): Page {
  let best = inRows(parts, 0);
  let widest = 0;
  const stray = ({ size }: Page) => Math.abs(Math.log(size.width / size.height / ASPECT));
  for (const { width = 0 } of parts) {
    widest += width;
    const page = inRows(parts, widest);
    if (stray(page) < stray(best)) best = page;
  }
  return best;
}

function inRows(parts: readonly { readonly width?: number; readonly height?: number }[], widest: number): Page {
  let [x, y, width, height] = [0, 0, 0, 0];
  const corners = parts.map(({ width: w = 0, height: h = 0 }) => {
    if (x + w > widest) [x, y] = [0, height];
    const corner = { x, y };
    x += w;
    width = Math.max(width, x);
    height = Math.max(height, y + h);
    return corner;
  });
  return { corners, size: { width, height } };
}

/** One part with all its places. */
function arranged({ nodes, links }: Part, hasPicture: HasPicture): Graph {
  const drawing = new Graph({ compound: true, multigraph: true });
  drawing.setGraph({ rankdir: 'LR', nodesep: 26, ranksep: 22, edgesep: 14, marginx: MARGIN, marginy: MARGIN });
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
    drawing.setEdge(nodeKey(link.from), nodeKey(link.to), { ...labelOf(link, hasPicture), labelpos: 'c' }, link.id);
  layout(drawing);
  return drawing;
}

function labelOf(link: LinkTopology, hasPicture: HasPicture): { readonly width: number; readonly height: number } {
  return { ...LABEL, height: LABEL.height + (hasPicture(link) ? PICTURE_HEIGHT : 0) };
}

const nodeKey = (id: string) => `node ${id}`;
const groupKey = (path: readonly string[]) => `group ${path.join('/')}`;

function boxOf({ x, y, width, height }: Box, by: Point): Box {
  return { x: x - width / 2 + by.x, y: y - height / 2 + by.y, width, height };
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
