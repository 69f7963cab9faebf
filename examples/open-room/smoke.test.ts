import { setTimeout as sleep } from 'node:timers/promises';
import type { AudioFrame } from '@sluice/core';
import { CallClient } from '@sluice/transport';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Recording, Smoke } from '../smoke.ts';

let smoke: Smoke;
let visitor: CallClient;
beforeEach(async () => {
  smoke = await Smoke.open();
  visitor = new CallClient();
});
afterEach(async () => {
  await visitor.release();
  await smoke.close();
});

it('tells its address, and has somebody in it who plays music', async () => {
  const run = smoke.startAlone('demo', '--open', '--port', '0');
  let link = '';
  while (link === '') {
    await sleep(50);
    link = /^http:\S+\/hello\n/.exec(run.output.toString())?.[0].trim() ?? '';
  }
  await visitor.join(link);
  const names = () => Object.values(visitor.participants()).map(({ info }) => info.userName);
  while (!names().includes('Music') || !names().includes('Echo')) await sleep(50);
  const music = new Recording();
  const { id } = Object.values(visitor.participants()).find(({ info }) => info.userName === 'Music')!;
  const take = (_: string, frame: AudioFrame) => music.take(frame);
  await visitor.setAudioRenderer(id, take, { audioSource: 'music', sampleRate: 48_000 });
  await music.reached(1);
  await visitor.leave();
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
});

it('says how it is used, and what it does not take', async () => {
  const asked = smoke.startAlone('demo', '--open', '--help');
  expect(await asked.ended()).toBe(0);
  expect(asked.output.toString()).toContain('usage: npm run room -- --open');
  const refused = smoke.startAlone('open-room', '--secret-file', 'secret.txt');
  expect(await refused.ended()).toBe(2);
  expect(refused.said).toContain("Unknown option '--secret-file'");
  expect(refused.said).toContain('usage: npm run room -- --open');
});
