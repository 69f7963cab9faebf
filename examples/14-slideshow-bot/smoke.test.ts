import { fromImage } from '@sluice/nodes';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asset } from '../room.ts';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('shows one picture after the other', async () => {
  const sight = smoke.see();
  const run = smoke.start('14-slideshow-bot');
  // The caption lies over each.
  for (const name of ['card.svg', 'hills.svg', 'night.svg', 'card.svg'])
    await sight.like(await firstValueFrom(fromImage(asset(name), { width: 1280, height: 720 })), 25);
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
});
