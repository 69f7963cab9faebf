import { expect, it } from 'vitest';
import type { GraphTopology, LinkTopology, NodeTopology } from '../../protocol/messages.ts';
import { type Box, layOut } from './lay-out.ts';
import { partsOf } from './parts-of.ts';

/** So many lines of two nodes, every third in a group with the one behind it. */
function lines(count: number): GraphTopology {
  const each = Array.from({ length: count }, (_, line) => line);
  const groupOf = (line: number) => (line % 3 < 2 ? [`g${Math.floor(line / 3)}`] : []);
  const node = (id: string, groups: readonly string[]) => ({ id, groups }) as NodeTopology;
  return {
    graph: 1,
    name: 'many',
    nodes: each.flatMap((line) => [node(`a${line}`, groupOf(line)), node(`b${line}`, [])]),
    links: each.map((line) => ({ id: `${line}`, from: `a${line}`, to: `b${line}`, port: 'in' }) as LinkTopology),
  };
}

it('keeps together what is linked or in one group', () => {
  expect(partsOf(lines(6)).map(({ nodes, links }) => [nodes.map(({ id }) => id).join(), links.length])).toEqual([
    ['a0,b0,a1,b1', 2],
    ['a2,b2', 1],
    ['a3,b3,a4,b4', 2],
    ['a5,b5', 1],
  ]);
});

it('fills a page with parts that hang together, none on top of another, links between their ends', () => {
  const topology = lines(24);
  const { nodes, links, size } = layOut(topology);
  expect(size.width / size.height).toBeGreaterThan(0.8);
  expect(size.width / size.height).toBeLessThan(2.5);
  const boxes = [...nodes.values(), ...links.map(({ label }) => label)];
  const apart = (a: Box, b: Box) =>
    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
  expect(boxes.filter((one, at) => boxes.slice(at + 1).some((other) => !apart(one, other)))).toEqual([]);
  for (const { id, path } of links) {
    const [from, to] = [nodes.get(`a${id}`)!, nodes.get(`b${id}`)!];
    const [x, y] = path.slice(1).split(' ')[0]!.split(',').map(Number);
    expect([x, y]).toEqual([from.x + from.width, from.y + from.height / 2]);
    expect(Number(path.split(' ').at(-1)!.split(',')[0])).toBeCloseTo(to.x, 3);
  }
});
