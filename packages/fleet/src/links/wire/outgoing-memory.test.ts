import { expect, it } from 'vitest';
import { OutgoingMemory } from './outgoing-memory.ts';

const FRAME = 64 * 1024;

it('writes again what has come, and nothing that is on its way', () => {
  const memory = new OutgoingMemory();
  const written = new Set<ArrayBufferLike>();
  /** Four frames of a slab each time, of which the oldest comes when so many are on their way. */
  const send = (from: number, underWay: number) => {
    for (let frame = from; frame < from + 64; frame++) {
      const message = memory.take(FRAME, frame);
      // A number in each says whose it is, as long as it is under way.
      new DataView(message.buffer, message.byteOffset).setUint32(0, frame);
      sent.set(frame, message);
      written.add(message.buffer);
      for (let one = Math.max(from, frame - underWay + 1); one <= frame; one++) {
        const { buffer, byteOffset } = sent.get(one)!;
        expect(new DataView(buffer, byteOffset).getUint32(0)).toBe(one);
      }
      memory.came(frame - underWay + 1);
    }
  };
  const sent = new Map<number, Uint8Array>();
  send(0, 6);
  expect(written.size).toBeLessThanOrEqual(4);
  written.clear();
  send(64, 1_000);
  expect(written.size).toBe(16);
});

it('takes what is longer than a slab by itself', () => {
  const memory = new OutgoingMemory();
  memory.take(10, 0);
  expect(memory.take(1_000_000, 1)).toHaveLength(1_000_000);
  memory.came(2);
  expect(memory.take(300_000, 2)).toHaveLength(300_000);
  expect(memory.start).toBe(0);
});
