import { psnr } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('shows a moving gradient', async () => {
  const sight = smoke.see();
  const run = smoke.start('13-camera-client');
  const first = (await sight.until(({ width, height }) => width === 640 && height === 480)).clone();
  await sight.until((picture) => psnr(picture, first).overall < 25);
  first.close();
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
});
