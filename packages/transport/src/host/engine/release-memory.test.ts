import { expect, test } from 'vitest';
import { releaseMemory } from './release-memory.ts';

const BYTES = 64 * 1024 * 1024;

test('memory is free at once, without the collector', () => {
  const array = new Uint8Array(BYTES);
  const before = process.memoryUsage().arrayBuffers;
  releaseMemory(array);
  expect(array.length).toBe(0);
  expect(before - process.memoryUsage().arrayBuffers).toBeGreaterThan(BYTES / 2);
  // Twice is once.
  releaseMemory(array);
});
