import { TcpRelay } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SpokenFleet } from './spoken-fleet.ts';

const ROOM = 'stage';
let stage: SpokenFleet;
beforeEach(async () => {
  stage = await SpokenFleet.open();
});
afterEach(() => stage[Symbol.asyncDispose]());

test('who comes in hears the bot that has the place of one who was alone, and is heard by it', async () => {
  const alone = await stage.enter('first', ROOM, { job: 'one', revision: 1 });
  stage.closes(() => alone.client.release());
  const bot = await stage.enter('second', ROOM, { job: 'one', revision: 2 });
  const person = await stage.enter('first', ROOM);
  const ears = [stage.earOf(bot.client), stage.earOf(person.client)] as const;
  const voices = [bot.run(), person.run()];
  await Promise.all([ears[0].hears('first'), ears[1].hears('second')]);
  await Promise.all([bot.stop(), person.stop()]);
  await Promise.allSettled(voices);
});

test('the former bot speaks on while the next one fails after it has joined', async () => {
  const ear = await stage.listen(ROOM);
  const first = await stage.worker('first', { factories: { speaker: stage.speaker('first', ROOM) } });
  const job = await (await stage.desk()).dispatch('speaker', {}, { job: 'one' });
  await ear.hears('first');
  let tries = 0;
  const failing = stage.speaker('second', ROOM, async () => {
    await ear.hears('first');
    if (++tries === 1) throw new Error('no such model');
  });
  await stage.worker('second', { factories: { speaker: failing }, moves: { pauseMs: 100 } });
  const failure = job.until(({ moveFailure }) => moveFailure !== null);
  const drained = first.drain();
  expect(await failure).toMatchObject({
    state: 'queued',
    moveFailure: { message: expect.stringMatching(/no such model/) },
  });
  await ear.hears('first');
  await drained;
  await ear.hears('second');
  expect(tries).toBe(2);
  expect(ear.heard).not.toContain('first and second');
  await job.cancel();
});

test('of a job whose worker is cut off from NATS one bot is heard, and then the other', async () => {
  const ears = await Promise.all([stage.listen(ROOM), stage.listen(ROOM)]);
  const relay = await TcpRelay.open({ port: stage.server.port });
  stage.closes(() => relay.close());
  const first = await stage.worker('first', {
    nats: await stage.connection(relay.port),
    leaseMs: 400,
    factories: { speaker: stage.speaker('first', ROOM) },
  });
  const job = await (await stage.desk()).dispatch('speaker', {}, { job: 'one' });
  await job.started();
  const second = await stage.worker('second', {
    leaseMs: 400,
    factories: { speaker: stage.speaker('second', ROOM) },
  });
  await Promise.all(ears.map((ear) => ear.hears('first')));
  // Its media goes another way.
  await relay.cut();
  await Promise.all(ears.map((ear) => ear.hears('second')));
  // It cannot know, and speaks to nobody.
  expect([first.jobs, second.jobs]).toEqual([['one'], ['one']]);
  for (const { heard } of ears) {
    expect(heard).not.toContain('first and second');
    expect(heard.slice(heard.indexOf('second'))).not.toContain('first');
  }
  relay.restore();
  await job.cancel();
});
