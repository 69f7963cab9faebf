import { describe, expect, it } from 'vitest';
import type { GraphTopology, LinkTopology, NodeTopology } from '../../protocol/messages.ts';
import { fold } from './fold.ts';

/** So many lines of five nodes, each a group of `calls`, into one node that is in none. */
function lines(count: number): GraphTopology {
  const node = (id: string, groups: readonly string[]) => ({ id, groups }) as NodeTopology;
  const link = (from: string, to: string) => ({ id: `${from}->${to}`, from, to }) as LinkTopology;
  const each = Array.from({ length: count }, (_, line) => line);
  const inLine = [0, 1, 2, 3, 4];
  return {
    graph: 1,
    name: 'large',
    nodes: [
      ...each.flatMap((line) => inLine.map((at) => node(`n${line}.${at}`, ['calls', `c${line}`]))),
      node('mix', []),
    ],
    links: each.flatMap((line) => [
      ...inLine.slice(1).map((at) => link(`n${line}.${at - 1}`, `n${line}.${at}`)),
      link(`n${line}.3`, 'mix'),
      link(`n${line}.4`, 'mix'),
    ]),
  };
}
const open = (...paths: string[]) => new Set(paths);

describe('a graph', () => {
  it('of sixty nodes is drawn as it is', () => {
    const small = lines(11);
    const { drawn, folded, bundles, foldable } = fold(small, open());
    expect(drawn).toEqual(small);
    expect(foldable).toBe(false);
    expect(folded.size).toBe(0);
    expect([...bundles.values()]).toEqual(small.links.map((_, index) => [index]));
  });

  it('of more has each outermost group as one, with all that is in it and one link for all to the same', () => {
    const large = lines(40);
    const { drawn, folded, bundles } = fold(large, open());
    expect(drawn.nodes.map(({ id, groups }) => [id, groups])).toEqual([
      ['\u0001calls', []],
      ['mix', []],
    ]);
    const group = folded.get('\u0001calls')!;
    expect([group.nodes.length, group.links.length]).toEqual([200, 160]);
    expect(drawn.links).toMatchObject([{ id: 'n0.3->mix', from: '\u0001calls', to: 'mix' }]);
    expect(bundles.get('n0.3->mix')).toHaveLength(80);
  });

  it('shows what is opened, and folds what is in it', () => {
    const large = lines(40);
    const { drawn, folded } = fold(large, open('calls', 'calls/c7'));
    expect(drawn.nodes).toHaveLength(39 + 5 + 1);
    expect(drawn.nodes.slice(6, 9).map(({ id, groups }) => [id, groups])).toEqual([
      ['\u0001calls/c6', ['calls']],
      ['n7.0', ['calls', 'c7']],
      ['n7.1', ['calls', 'c7']],
    ]);
    expect(folded.get('\u0001calls/c6')).toMatchObject({ path: 'calls/c6', nodes: [30, 31, 32, 33, 34] });
    // What was not folded keeps its links apart: both of the last two lead to the mixer.
    expect(drawn.links.filter(({ to, from }) => to === 'mix' && from.startsWith('n7')).map(({ from }) => from)).toEqual(
      ['n7.3', 'n7.4'],
    );
  });
});
