import { afterEach, beforeEach, expect, it } from 'vitest';
import { cleanestTone, Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('adds a track, puts another one in its place, and removes it', async () => {
  const heard = smoke.hear('my-audio');
  const states: string[] = [];
  smoke.peer.on('participant-updated', ({ participant }) => {
    states.push(Object.keys(participant.media.customAudio).join());
  });
  const run = smoke.start('07-manage-tracks', '--seconds', '6');
  expect(await run.ended(), run.said).toBe(0);
  expect(run.said).toMatch(/added.*updated.*removed/s);
  const sound = heard.trimmed();
  const { sampleRate } = heard;
  expect(sound.length / sampleRate).toBeCloseTo(4, 0);
  const part = (from: number, to: number) => sound.subarray(from * sampleRate, to * sampleRate);
  expect(cleanestTone(part(0.5, 1.5), sampleRate, 440).snr).toBeGreaterThan(20);
  expect(cleanestTone(part(2.5, 3.5), sampleRate, 660).snr).toBeGreaterThan(20);
  expect(states).toContain('my-audio');
  expect(states.at(-1)).toBe('');
});
