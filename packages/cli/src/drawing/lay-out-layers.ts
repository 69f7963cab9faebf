// Drawings of graphs that were not started: where things stand, and what they look like. Nothing of a terminal.

/** Something to be placed; a link that passes others by has a place of its own in each layer between. */
interface Item {
  readonly id: string;
  layer: number;
  order: number;
}

/** Columns from left to right, each from top to bottom. */
export interface Layers {
  readonly columns: readonly (readonly string[])[];
  /** By the index of a link: what stands on its way from column to column, both ends with it. */
  readonly ways: readonly (readonly string[])[];
}

/** The ends of a link. */
export interface Ends {
  readonly from: string;
  readonly to: string;
}

const SWEEPS = 4;

/** Places each node behind all that lead to it, and orders the columns so that few links cross. Circles are cut where they close. */
export function layOutLayers(nodes: readonly string[], links: readonly Ends[]): Layers {
  const layers = layersOf(nodes, links);
  const items = new Map(nodes.map((id, order) => [id, { id, layer: layers.get(id)!, order } as Item]));
  const ways = links.map((ends, index) => wayOf(ends, index, items));
  const columns = Array.from({ length: Math.max(-1, ...layers.values()) + 1 }, (): Item[] => []);
  for (const item of items.values()) columns[item.layer]!.push(item);
  const beside = neighbours(ways);
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (const column of sweep % 2 === 0 ? columns : columns.toReversed()) sortColumn(column, items, beside, sweep);
  return { columns: columns.map((column) => column.map(({ id }) => id)), ways };
}

/** The longest way to each node, by links that close no circle. */
function layersOf(nodes: readonly string[], links: readonly Ends[]): ReadonlyMap<string, number> {
  const layers = new Map<string, number>();
  const under = new Set<string>();
  const layerOf = (id: string): number => {
    const known = layers.get(id);
    if (known !== undefined) return known;
    under.add(id);
    const before = links.filter(({ from, to }) => to === id && !under.has(from)).map(({ from }) => layerOf(from));
    under.delete(id);
    const layer = Math.max(-1, ...before) + 1;
    layers.set(id, layer);
    return layer;
  };
  for (const id of nodes) layerOf(id);
  return layers;
}

function wayOf({ from, to }: Ends, index: number, items: Map<string, Item>): string[] {
  const [start, end] = [items.get(from)!, items.get(to)!];
  const step = Math.sign(end.layer - start.layer);
  const way = [from];
  for (let layer = start.layer + step; step !== 0 && layer !== end.layer; layer += step) {
    const id = `\0${index}:${layer}`;
    items.set(id, { id, layer, order: start.order });
    way.push(id);
  }
  return [...way, to];
}

function neighbours(ways: readonly (readonly string[])[]): ReadonlyMap<string, readonly string[]> {
  const beside = new Map<string, string[]>();
  const add = (id: string, other: string) => beside.set(id, [...(beside.get(id) ?? []), other]);
  for (const way of ways)
    for (const [at, id] of way.entries()) {
      if (at > 0) add(id, way[at - 1]!);
      if (at < way.length - 1) add(id, way[at + 1]!);
    }
  return beside;
}

/** Each in the middle of those that it is linked to in the column before, by turns from the left and from the right. */
function sortColumn(
  column: Item[],
  items: ReadonlyMap<string, Item>,
  beside: ReadonlyMap<string, readonly string[]>,
  sweep: number,
): void {
  const side = sweep % 2 === 0 ? -1 : 1;
  const middle = ({ id, layer, order }: Item) => {
    const others = (beside.get(id) ?? [])
      .map((other) => items.get(other)!)
      .filter((other) => Math.sign(other.layer - layer) === side);
    return others.length === 0 ? order : others.reduce((sum, { order }) => sum + order, 0) / others.length;
  };
  const middles = new Map(column.map((item) => [item, middle(item)]));
  column.sort((a, b) => middles.get(a)! - middles.get(b)!);
  for (const [order, item] of column.entries()) item.order = order;
}
