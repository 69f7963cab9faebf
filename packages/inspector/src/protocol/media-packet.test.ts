import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodePacket, encodePacket } from './media-packet.ts';

it('gives back what was put in, whatever it is', () => {
  const packet = fc.record({
    kind: fc.constantFrom('sound' as const, 'peaks' as const, 'picture' as const),
    scope: fc.integer({ min: 1, max: 65_535 }),
    channels: fc.integer({ min: 0, max: 8 }),
    rate: fc.integer({ min: 1, max: 192_000 }),
    timestamp: fc.double({ noNaN: true }),
    epoch: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    gap: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    payload: fc.uint8Array({ maxLength: 100 }),
  });
  fc.assert(
    fc.property(packet, (one) => {
      expect(decodePacket(encodePacket(one).buffer as ArrayBuffer)).toEqual(one);
    }),
  );
});

it('passes over what is none, and kinds that came later', () => {
  expect(decodePacket(new ArrayBuffer(31))).toBeUndefined();
  expect(decodePacket(new Uint8Array(40).fill(99).buffer)).toBeUndefined();
});
