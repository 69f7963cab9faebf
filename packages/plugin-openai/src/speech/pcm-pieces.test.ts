import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PcmPieces } from './pcm-pieces.ts';

it('PcmPieces gives every sample once, in its order, wherever the bytes are cut', () => {
  const law = fc.property(
    fc.int16Array({ maxLength: 12_000 }),
    fc.array(fc.integer({ min: 1, max: 9_000 })),
    (samples, sizes) => {
      const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
      const pieces = new PcmPieces();
      const got: Int16Array[] = [];
      let at = 0;
      for (const size of [...sizes, bytes.length]) {
        got.push(...pieces.add(bytes.subarray(at, at + size)));
        at += size;
      }
      // All but the last are worth an event, and none is longer than it may be.
      expect(got.every(({ length }) => length >= 1 && length <= 4_800)).toBe(true);
      got.push(...pieces.end());
      expect(got.flatMap((piece) => [...piece])).toEqual([...samples]);
    },
  );
  fc.assert(law, { numRuns: 60 });
});
