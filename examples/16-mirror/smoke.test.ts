import { flip, fromImage } from '@sluice/nodes';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asset } from '../room.ts';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('shows its visitor from the other side', async () => {
  const hills = fromImage(asset('hills.svg'), { width: 640, height: 360, frameRate: 15 });
  await smoke.show(hills);
  const sight = smoke.see();
  const run = smoke.start('16-mirror');
  // The caption lies over it, and it went through the codec twice.
  await sight.like(await firstValueFrom(hills.pipe(flip({ direction: 'horizontal' }))), 25);
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
});
