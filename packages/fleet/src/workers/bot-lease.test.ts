import { expect, it, vi } from 'vitest';
import { BotLease } from './bot-lease.ts';

it('takes the places of all rooms when the bot begins, and waits for them', async () => {
  const lease = new BotLease('greeter', 7, () => {});
  const steps: string[] = [];
  let give = () => {};
  lease.shown.onBegin(async () => void steps.push('first'));
  // A copy is as good.
  const { onBegin } = { ...lease.shown };
  onBegin(() => new Promise<void>((resolve) => (give = resolve)));
  expect(steps).toEqual([]);
  const begun = lease.begin().then(() => steps.push('begun'));
  await vi.waitFor(() => expect(steps).toEqual(['first']));
  give();
  await begun;
  expect(steps).toEqual(['first', 'begun']);
});

it('takes the place of a room that is entered later at once, and says what failed there', async () => {
  const failed: unknown[] = [];
  const lease = new BotLease('greeter', 7, (error) => failed.push(error));
  await lease.begin();
  const taken = vi.fn(async () => {});
  lease.shown.onBegin(taken);
  expect(taken).toHaveBeenCalledOnce();
  lease.shown.onBegin(() => Promise.reject(new Error('the room is gone')));
  await vi.waitFor(() => expect(failed).toEqual([new Error('the room is gone')]));
});

it('fails where one place is not given', async () => {
  const lease = new BotLease('greeter', 7, () => {});
  lease.shown.onBegin(() => Promise.reject(new Error('a later bot has the job')));
  await expect(lease.begin()).rejects.toThrow('a later bot');
});
