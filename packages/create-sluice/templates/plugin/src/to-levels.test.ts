import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audioFrame, micros } from '@sluice/core';
import { nodeHarness } from '@sluice/core/testing';
import { type Level, toLevels } from './to-levels.ts';

/** A node that keeps what it tells, and frames of 20 ms for it. */
async function metered(everyMs: number) {
  const levels: Level[] = [];
  const h = await nodeHarness(toLevels({ everyMs, onLevel: (level) => levels.push(level) }));
  const push = (index: number, sample: number, sampleRate = 16_000, epoch = 0) => {
    const samples = new Int16Array(sampleRate / 50).fill(sample);
    h.push('in', audioFrame({ samples, sampleRate, channels: 1, timestamp: micros(index * 20_000), epoch }));
  };
  return { h, levels, push };
}

test('tells each full stretch, and the rest at the end', async () => {
  const { h, levels, push } = await metered(30);
  for (let index = 0; index < 4; index++) push(index, 16_384);
  await h.settle();
  assert.deepEqual(
    levels.map(({ seconds }) => seconds),
    [0, 0.03],
  );
  await h.finish();
  assert.equal(levels.length, 3);
  assert.equal(levels[2]!.seconds, 0.06);
  for (const { db } of levels) assert.ok(Math.abs(db + 6.02) < 0.01, `${db} dB`);
});

test('tells silence as minus infinity', async () => {
  const { h, levels, push } = await metered(20);
  push(0, 0);
  await h.finish();
  assert.deepEqual(levels, [{ seconds: 0, db: Number.NEGATIVE_INFINITY }]);
});

test('begins anew with another format', async () => {
  const { h, levels, push } = await metered(100);
  push(0, 16_384);
  push(1, 3_277, 48_000);
  await h.finish();
  assert.deepEqual(
    levels.map(({ db }) => Math.round(db)),
    [-6, -20],
  );
});

test('drops the stretch that an interruption cut, and says what was told', async () => {
  const { h, levels, push } = await metered(40);
  for (let index = 0; index < 3; index++) push(index, 32_767);
  await h.settle();
  const { epoch, heardMs, droppedMs } = await h.interrupt();
  assert.deepEqual([heardMs, droppedMs], [40, 20]);
  for (let index = 3; index < 5; index++) push(index, 16_384, 16_000, epoch);
  await h.finish();
  assert.deepEqual(
    levels.map(({ seconds, db }) => [seconds, Math.round(db) + 0]),
    [
      [0, 0],
      [0.06, -6],
    ],
  );
});

test('refuses what it cannot do', () => {
  // @ts-expect-error nothing that it could tell
  assert.throws(() => toLevels({}), { code: 'SLUICE_NODE_OPTIONS' });
  assert.throws(() => toLevels({ onLevel: () => {}, everyMs: 9 }), { code: 'SLUICE_NODE_OPTIONS' });
});
