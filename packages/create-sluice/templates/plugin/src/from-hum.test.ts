import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AudioFrame } from '@sluice/core';
import { measureTone, nodeHarness, samplesOf } from '@sluice/core/testing';
import { fromHum } from './from-hum.ts';

test('hums at its pitch, without a click between frames', async () => {
  await using h = await nodeHarness(fromHum({ hz: 200, seconds: 1 }));
  await h.advance(1_100);
  const frames = h.outputs<AudioFrame>('out').map(({ frame }) => frame);
  assert.equal(frames.length, 50);
  const { snr, frequency } = measureTone(samplesOf(frames, 0), 16_000, 200);
  assert.ok(snr > 60, `${snr} dB of signal to noise`);
  assert.ok(Math.abs(frequency - 200) < 0.1, `${frequency} Hz`);
  assert.equal(h.status, 'done');
});

test('emits each frame when its time has come', async () => {
  await using h = await nodeHarness(fromHum());
  await h.advance(100);
  assert.deepEqual(
    h.outputs('out').map(({ at }) => at),
    [0, 20, 40, 60, 80, 100],
  );
  await h.finish({ stop: true });
});

test('refuses what is no pitch and no length', () => {
  for (const options of [{ hz: 0 }, { hz: 8_001 }, { seconds: 0 }, { seconds: Number.NaN }])
    assert.throws(() => fromHum(options), { code: 'SLUICE_NODE_OPTIONS' });
  // @ts-expect-error misspelt
  assert.throws(() => fromHum({ second: 1 }), /did you mean seconds/);
});
