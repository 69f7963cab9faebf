import { describe, expect, it } from 'vitest';
import { layOutLayers } from './lay-out-layers.ts';

const lay = (nodes: string, ...links: readonly string[]) =>
  layOutLayers(
    [...nodes],
    links.map((link) => ({ from: link[0]!, to: link[1]! })),
  );

describe('layOutLayers', () => {
  it('places nodes behind all that lead to them, and gives long links a place in each column', () => {
    const { columns, ways } = lay('cba', 'ab', 'bc', 'ac');
    expect(columns).toEqual([['a'], ['b', '\u00002:1'], ['c']]);
    expect(ways).toEqual([
      ['a', 'b'],
      ['b', 'c'],
      ['a', '\u00002:1', 'c'],
    ]);
  });

  it('takes out crossings', () => {
    expect(lay('abxy', 'ay', 'bx').columns).toEqual([
      ['a', 'b'],
      ['y', 'x'],
    ]);
  });

  it('cuts circles', () => {
    expect(lay('abc', 'ab', 'bc', 'ca', 'aa').columns.flat().sort()).toContain('a');
    expect(lay('', ...[]).columns).toEqual([]);
  });
});
