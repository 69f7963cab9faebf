import { AudioFrame, graph, micros, pushSource } from '@sluice/core';
import { toNull } from '@sluice/nodes';
import { expect, it } from 'vitest';
import { type InspectMessage, recordInspection } from '../src/index.ts';

const RATE = 16_000;
const FRAME = RATE / 50;
/** Loud for 60 of each 800 ms, which most looks do not hear. */
const clicks = () =>
  pushSource<AudioFrame>({ name: 'clicks', live: true }, (destination) => {
    let count = 0;
    const timer = setInterval(() => {
      const samples = new Int16Array(FRAME).fill(count % 40 < 3 ? 16_384 : 0);
      const timestamp = micros(count++ * 20_000);
      destination.next(new AudioFrame({ samples, sampleRate: RATE, channels: 1, timestamp }));
    }, 20);
    return () => clearInterval(timer);
  });

it('writes a look a second with the loudest of those between, and one more at its end', async () => {
  const bot = graph('clicks');
  bot.from(clicks()).to(toNull());
  const told: InspectMessage[] = [];
  const stop = recordInspection(bot, (message) => told.push(message));
  await bot.start();
  const samples = () => told.filter((message) => message.type === 'sample');
  await expect.poll(() => samples().length, { timeout: 15_000 }).toBeGreaterThan(4);
  await bot.abort();
  await bot.finished.catch(() => {});
  const before = samples().length;
  stop();
  stop();
  expect(samples()).toHaveLength(before + 1);
  expect(samples().at(-1)!.graphs[0]!.status).not.toBe('running');
  const levels = samples().map(({ graphs }) => Math.round(graphs[0]!.links.level[0] ?? -99));
  expect(levels.slice(2, -1)).toEqual(Array(levels.length - 3).fill(-6));
});
