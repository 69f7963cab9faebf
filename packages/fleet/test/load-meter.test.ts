import { setTimeout as sleep } from 'node:timers/promises';
import { blockEventLoop } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LoadMeter } from '../src/placing/load-meter.ts';
import { startGreedyChild } from './start-greedy-child.ts';

let meter: LoadMeter;
/** Milliseconds of CPU time that were measured, without those of this process. */
let ofChildrenMs: () => number;
beforeEach(() => {
  meter = new LoadMeter();
  let since = performance.now();
  let own = process.cpuUsage();
  ofChildrenMs = () => {
    const { user, system } = process.cpuUsage(own);
    const { cpu } = meter.read();
    const measuredMs = cpu * (performance.now() - since);
    since = performance.now();
    own = process.cpuUsage();
    return measuredMs - (user + system) / 1000;
  };
});
afterEach(() => meter.close());

it('sees what a child takes: CPU time, and memory until it ends', async () => {
  expect(meter.alone).toBe(false);
  const { memoryMb: before } = meter.read();
  await using child = await startGreedyChild(200, 150);
  expect(ofChildrenMs()).toBeGreaterThan(180);
  expect(meter.read().memoryMb - before).toBeGreaterThan(140);
  await sleep(120);
  await child.end();
  expect(ofChildrenMs()).toBeLessThan(120);
  expect(meter.read().memoryMb - before).toBeLessThan(100);
});

it('sees CPU time of one that has ended meanwhile', async () => {
  const child = await startGreedyChild(200, 1);
  await child.end();
  expect(ofChildrenMs()).toBeGreaterThan(180);
});

it('says the same again at once: nothing can be said of a moment', async () => {
  await sleep(120);
  const first = meter.read();
  blockEventLoop(30);
  expect(meter.read()).toBe(first);
});
