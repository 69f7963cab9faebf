import { join } from 'node:path';
import { psnr } from '@sluice/core/testing';
import { fromImage, fromY4mFile, scale } from '@sluice/nodes';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asset } from '../room.ts';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('records who is there', async () => {
  const hills = fromImage(asset('hills.svg'), { width: 640, height: 360, frameRate: 15 });
  await smoke.show(hills);
  const run = smoke.start('17-grid-recorder', '--seconds', '6');
  expect(await run.ended(), run.said).toBe(0);
  const last = await lastValueFrom(fromY4mFile(join(smoke.directory, 'grid.y4m')));
  const alone = await firstValueFrom(hills.pipe(scale({ width: 960, height: 540 })));
  expect(psnr(last, alone).overall).toBeGreaterThan(25);
});
