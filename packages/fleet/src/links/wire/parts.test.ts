import { expect, it } from 'vitest';
import { MAGIC, MessageKind, VERSION } from './layout.ts';
import { Parts, partsOf } from './parts.ts';

const MOST = 100_000;
/** A message of a sender, each byte another than its neighbours. */
const message = (length: number, session = 7) => {
  const bytes = Uint8Array.from({ length }, (_, at) => at % 251);
  bytes.set([MAGIC, VERSION, MessageKind.video, 0, session, 0, 0, 0]);
  return bytes;
};
const put = (parts: Parts, some: readonly Uint8Array[]) => some.map((part) => parts.add(part, MOST));

it.each([
  [5_000, 1_024, 5],
  [1_008, 1_024, 1],
  [1_009, 1_024, 2],
])('takes a message of %i bytes apart for a server of %i, and puts it together again', (length, most, count) => {
  const parts = partsOf(message(length), most);
  expect(parts).toHaveLength(count);
  for (const part of parts) {
    expect(part.length).toBeLessThanOrEqual(most);
    expect([...part.subarray(0, 8)]).toEqual([MAGIC, VERSION, MessageKind.part, 0, 7, 0, 0, 0]);
  }
  const together = put(new Parts(), parts);
  expect(together.slice(0, -1)).toEqual(Array(count - 1).fill(undefined));
  expect(together.at(-1)).toEqual(message(length));
});

it('has no message of which a part is missing, and all of those behind it', () => {
  const parts = new Parts();
  const [one, two] = [partsOf(message(3_000), 1_024), partsOf(message(3_000), 1_024)];
  expect(put(parts, [one[0]!, one[2]!])).toEqual([undefined, undefined]);
  expect(put(parts, two).at(-1)).toEqual(message(3_000));
  // The first is missing.
  expect(put(parts, one.slice(1))).toEqual([undefined, undefined]);
  expect(put(parts, partsOf(message(2_000), 1_024)).at(-1)).toEqual(message(2_000));
  parts.clear();
  expect(put(parts, one.slice(1))).toEqual([undefined, undefined]);
});

it('refuses parts that are cut off, lie outside of their whole, or are of one that is too large, and goes on with the next one', () => {
  const [first] = partsOf(message(3_000), 1_024);
  const changed = (at: number, value: number) => {
    const part = first!.slice();
    new DataView(part.buffer).setUint32(at, value, true);
    return part;
  };
  const parts = new Parts();
  for (const part of [first!.subarray(0, 16), changed(8, 900), changed(8, 0xffff_ffff), changed(12, 0xffff_fff0)])
    expect(() => parts.add(part, MOST)).toThrow(expect.objectContaining({ code: 'SLUICE_REMOTE_FRAME' }));
  // What was refused is nothing to the next one.
  expect(put(parts, partsOf(message(3_000), 1_024)).at(-1)).toEqual(message(3_000));
});
