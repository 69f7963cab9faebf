import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AudioFrame, audioFrame, micros } from '@sluice/core';
import { nodeHarness } from '@sluice/core/testing';
import { __EXPORT__ } from './__FILE__.ts';

test('turns sound upside down', async () => {
  await using h = await nodeHarness(__EXPORT__());
  const samples = Int16Array.of(0, 100, -100, -32_768);
  h.push('in', audioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(0) }));
  await h.settle();
  const [left] = h.outputs<AudioFrame>('out');
  assert.deepEqual([...left!.frame.samples].map(Number), [0, -100, 100, 32_767]);
  // Fails unless every frame was closed.
  await h.finish();
});
