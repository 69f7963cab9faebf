import { afterEach, describe, expect, test } from 'vitest';
import { closeSharedMemory, openSharedMemory, readSlot, SlotWriter } from './shared-slots.ts';

const opened: (number | undefined)[] = [];
afterEach(() => {
  for (const fd of opened.splice(0)) closeSharedMemory(fd);
});

const open = (): number => {
  // The directory of temporary files has the same semantics on systems without files in memory.
  const fd = openSharedMemory() ?? openSharedMemory('.');
  opened.push(fd);
  return fd!;
};
const picture = (length: number, value: number) => new Uint8Array(length).fill(value);

describe('slots', () => {
  test('what is written is read, and slots do not touch each other', () => {
    const fd = open();
    const writer = new SlotWriter(fd);
    const places = [5_000, 1, 4_096].map((length, index) => ({ length, ...writer.write(picture(length, index + 1))! }));
    expect(writer.busy).toBe(3);
    for (const [index, { length, offset }] of places.entries()) {
      const target = new Uint8Array(length);
      expect(readSlot(fd, offset, target)).toBe(true);
      expect(target).toEqual(picture(length, index + 1));
    }
  });

  test('a slot that was given back is used again, one that was not is left alone', () => {
    const writer = new SlotWriter(open());
    const first = writer.write(picture(100, 1))!;
    const second = writer.write(picture(100, 2))!;
    expect(second.slot).not.toBe(first.slot);
    writer.release(first.slot);
    expect(writer.write(picture(50, 3))).toEqual(first);
    expect(writer.write(picture(50, 4))!.slot).toBe(2);
  });

  test('a larger picture gets a larger slot, in the room of smaller ones that nobody reads any more', () => {
    const writer = new SlotWriter(open());
    const [first, read] = [writer.write(picture(10, 1))!, writer.write(picture(10, 2))!];
    writer.release(read.slot);
    const large = writer.write(picture(10_000, 3))!;
    expect(large).toEqual(read);
    writer.release(large.slot);
    writer.release(first.slot);
    expect(writer.write(picture(20_000, 4))).toEqual(first);
  });

  test('without room nothing is written', () => {
    const fd = open();
    closeSharedMemory(opened.pop());
    expect(new SlotWriter(fd).write(picture(10, 1))).toBe(undefined);
  });

  test('a slot beyond the end is not there', () => {
    expect(readSlot(open(), 1_000_000, new Uint8Array(10))).toBe(false);
  });

  test('a directory without files in memory gives none', () => {
    expect(openSharedMemory('/no/such/directory')).toBe(undefined);
  });
});
