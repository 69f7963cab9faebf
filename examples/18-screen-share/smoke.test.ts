import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('shows white slides with dark text as a screen', async () => {
  const sight = smoke.see('screenVideo');
  const run = smoke.start('18-screen-share');
  const { width, height, data } = await sight.until((picture) => lightShare(picture.data) > 0.8);
  expect([width, height]).toEqual([1280, 720]);
  expect(data.subarray(0, width * height).some((luma) => luma < 90)).toBe(true);
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
});

/** The share of an I420 picture's pixels that are nearly white. */
function lightShare(i420: Uint8Array): number {
  const luma = i420.subarray(0, (i420.length * 2) / 3);
  return luma.reduce((sum, value) => sum + (value > 220 ? 1 : 0), 0) / luma.length;
}
