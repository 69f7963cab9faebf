import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AudioFrame, audioFrame, micros } from '@sluice/core';
import { nodeHarness } from '@sluice/core/testing';
import { tremolo } from './tremolo.ts';

/** What a constant 10,000 becomes in a second of 8 kHz. */
async function swelling(options: Parameters<typeof tremolo>[0], channels = 1): Promise<Int16Array> {
  await using h = await nodeHarness(tremolo(options));
  const samples = new Int16Array(8_000 * channels).fill(10_000);
  h.push('in', audioFrame({ samples, sampleRate: 8_000, channels, timestamp: micros(0) }));
  await h.settle();
  const left = h.outputs<AudioFrame>('out')[0]!.frame.samples.slice();
  await h.finish();
  return left;
}

test('fades to its depth and back, so often a second', async () => {
  const samples = await swelling({ hz: 2, depth: 0.5 });
  assert.equal(samples[0], 10_000);
  assert.equal(samples[2_000], 5_000);
  assert.equal(samples[4_000], 10_000);
});

test('does the same to all channels', async () => {
  const samples = await swelling({ hz: 2, depth: 1 }, 2);
  for (let at = 0; at < samples.length; at += 2) assert.equal(samples[at], samples[at + 1]);
  assert.equal(samples[2 * 2_000], 0);
});

test('changes nothing with a depth of 0', async () => {
  const samples = await swelling({ depth: 0 });
  assert.ok(samples.every((sample) => sample === 10_000));
});

test('refuses what it cannot do', () => {
  for (const options of [{ hz: 0 }, { hz: 21 }, { depth: -0.1 }, { depth: 1.1 }])
    assert.throws(() => tremolo(options), { code: 'SLUICE_NODE_OPTIONS' });
  // @ts-expect-error misspelt
  assert.throws(() => tremolo({ deph: 1 }), /did you mean depth/);
});
