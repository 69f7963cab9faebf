import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ToolCallPieces } from './tool-call-pieces.ts';

const identity = { model: 'chat', service: 'Example' };

/** A text cut at the given places. */
function cut(text: string, places: readonly number[]): readonly string[] {
  const at = [0, ...places.map((place) => place % (text.length + 1)), text.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => text.slice(at[index], end));
}

describe('ToolCallPieces', () => {
  it('gives the arguments, however they are cut and mixed', () => {
    const call = fc.record({ id: fc.string({ minLength: 1 }), name: fc.string({ minLength: 1 }), given: fc.object() });
    const law = fc.property(
      fc.array(call, { maxLength: 4 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (calls, places) => {
        const pieces = new ToolCallPieces(identity);
        for (const [index, { id, name }] of calls.entries())
          pieces.add([{ index, id, function: { name, arguments: '' } }]);
        const texts = calls.map(({ given }) => cut(JSON.stringify(given), places));
        for (let turn = 0; turn <= places.length; turn++)
          pieces.add(texts.map((parts, index) => ({ index, function: { arguments: parts[turn] } })));
        const expected = calls.map(({ id, name, given }) => ({
          callId: id,
          name,
          arguments: JSON.parse(JSON.stringify(given)),
        }));
        expect(pieces.finish('r')).toEqual(expected);
      },
    );
    fc.assert(law, { numRuns: 200 });
  });

  it('does not crash on anything that comes over a wire', () => {
    const law = fc.property(fc.array(fc.jsonValue()), (deltas) => {
      const pieces = new ToolCallPieces(identity);
      for (const delta of deltas) pieces.add(delta);
      try {
        pieces.finish('r');
      } catch (error) {
        expect(error).toMatchObject({ code: 'SLUICE_VOICE_MODEL', category: 'retry' });
      }
    });
    fc.assert(law, { numRuns: 500 });
  });

  it('takes no arguments without end, and no tools without number', () => {
    const endless = new ToolCallPieces(identity);
    const piece = [{ index: 0, function: { name: 'look', arguments: 'x'.repeat(400_000) } }];
    endless.add(piece);
    endless.add(piece);
    expect(() => endless.add(piece)).toThrow(/no end/);
    const many = new ToolCallPieces(identity);
    const all = Array.from({ length: 129 }, (_, index) => ({ index, function: { name: 'look' } }));
    expect(() => many.add(all)).toThrow(/more than 128/);
  });
});
