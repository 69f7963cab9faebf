import { setTimeout as sleep } from 'node:timers/promises';
import { CallClient } from '@sluice/transport';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('restricts and removes a guest, who is told', async () => {
  const run = smoke.startAlone('21-remote-control');
  const url = await run.told(/the room is (http[^;]+);/);
  await using guest = new CallClient();
  await guest.join(url, { userName: 'Ada' });
  const say = (line: string) => run.child.stdin?.write(`${line}\n`);
  say('list');
  expect(await run.told(/(Ada: microphone off, may send microphone.*)\n/)).not.toBe('');
  say('revoke Ada');
  await run.told(/(revoke Ada: done)/);
  while (guest.participants().local.info.permissions.canSend.length > 0) await sleep(20);
  say('mute Grace');
  expect(await run.told(/(nobody is called Grace)/)).not.toBe('');
  say('eject Ada');
  await run.told(/(eject Ada: done)/);
  while (guest.callState !== 'left') await sleep(20);
  run.child.stdin?.end();
  expect(await run.ended(), run.said).toBe(0);
});
