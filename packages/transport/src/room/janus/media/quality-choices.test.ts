import { VirtualClock } from '@sluice/core/testing';
import type { VideoQuality } from '@sluice/protocol';
import { beforeEach, expect, it } from 'vitest';
import { QualityChoices } from './quality-choices.ts';

let clock: VirtualClock;
let choices: QualityChoices;
beforeEach(() => {
  clock = new VirtualClock();
  choices = new QualityChoices(clock);
});

const line = (quality: VideoQuality, feed = 'ada', mid = '0') => ({ mid: '1', source: { feed, mid }, quality });
/** When what was asked for, over some seconds of one wish. */
async function asked(quality: VideoQuality, seconds: number, feed?: string) {
  const found: string[] = [];
  for (let ms = 0; ms < seconds * 1_000; ms += 250) {
    for (const { mid, substream } of choices.take([line(quality, feed)])) found.push(`${ms} ${mid}:${substream}`);
    await clock.advance(250);
  }
  return found;
}

it('asks for nothing where the best is wanted, which comes by itself', async () => {
  expect(await asked('high', 3)).toEqual([]);
});

it('asks three times, a second apart, and at once for another one, the best among them', async () => {
  expect(await asked('low', 5)).toEqual(['0 1:0', '1000 1:0', '2000 1:0']);
  expect(await asked('medium', 1)).toEqual(['0 1:1']);
  expect(await asked('high', 5)).toEqual(['0 1:2', '1000 1:2', '2000 1:2']);
});

it('knows nothing of another track on the same line, nor behind a connection that is given up', async () => {
  expect(await asked('low', 1)).toEqual(['0 1:0']);
  expect(await asked('high', 1, 'grace')).toEqual([]);
  expect(await asked('low', 1, 'grace')).toEqual(['0 1:0']);
  choices.clear();
  expect(await asked('low', 1, 'grace')).toEqual(['0 1:0']);
});
