import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('answers a program with data and people in the chat', async () => {
  const arrival = smoke.arrival();
  const run = smoke.start('22-message-bot');
  await arrival;
  const data = new Promise((resolve) => {
    smoke.peer.once('app-message', ({ message }) => resolve(message));
  });
  const words = new Promise((resolve) => {
    smoke.peer.once('chat-message', ({ text }) => resolve(text));
  });
  await smoke.peer.sendAppMessage({ number: 7 });
  expect(await data).toEqual({ echo: { number: 7 }, participants: 2 });
  await smoke.peer.sendPrebuiltChatMessage('hello', 'Ada');
  expect(await words).toBe('Ada, I heard you');
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
});
