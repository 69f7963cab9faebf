import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('records what is shown from the moment on at which its bearer comes in', async () => {
  const run = smoke.startAlone('23-auto-recording', '3');
  expect(await run.ended(), run.said).toBe(0);
  const files = readdirSync(join(smoke.directory, 'recordings'), { recursive: true }).map(String);
  expect(files.some((name) => name.endsWith('.y4m'))).toBe(true);
  expect(files.some((name) => name.endsWith('.json'))).toBe(true);
});
