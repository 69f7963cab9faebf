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

it('is seen as it was drawn', async () => {
  const sight = smoke.see();
  const run = smoke.start('12-still-image', '--seconds', '20');
  await sight.like(await firstValueFrom(fromImage(asset('card.svg'), { width: 1280, height: 720 })));
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
});
