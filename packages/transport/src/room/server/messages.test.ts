import { beforeEach, expect, test } from 'vitest';
import { createRoomKit, type FakeClient } from '../../../test/room-kit.ts';

let kit: ReturnType<typeof createRoomKit>;
let ada: FakeClient;
let grace: FakeClient;
let linus: FakeClient;

beforeEach(async () => {
  kit = createRoomKit();
  [ada, grace, linus] = [await kit.join(), await kit.join(), await kit.join()];
});

const nobody = '00000000-0000-4000-8000-000000000000';

test('app messages go to all others or to one, in order, and are answered', () => {
  const answers = [
    ada.ask({ ask: 'app-message', data: { first: true } }),
    ada.ask({ ask: 'app-message', to: grace.id, data: 'second' }),
    ada.ask({ ask: 'app-message', data: 3 }),
    ada.ask({ ask: 'app-message', to: nobody, data: 4 }),
  ];
  expect(answers.map((answer) => answer())).toEqual(['granted', 'granted', 'granted', 'unknown-participant']);
  const data = (client: FakeClient) => client.of('app-message').map((message) => message.data);
  expect(data(grace)).toEqual([{ first: true }, 'second', 3]);
  expect(data(linus)).toEqual([{ first: true }, 3]);
  expect(data(ada)).toEqual([]);
  expect(grace.of('app-message').every(({ from }) => from === ada.id)).toBe(true);
});

test('ten messages a second, twice as many at once', async () => {
  const say = (times: number) =>
    Array.from({ length: times }, (_, n) =>
      ada.ask(n % 2 ? { ask: 'app-message', data: n } : { ask: 'chat', text: 'x' }),
    )
      .map((answer) => answer())
      .filter((answer) => answer === 'granted').length;
  expect(say(30)).toBe(20);
  await kit.clock.advance(1_000);
  expect(say(30)).toBe(10);
  expect(grace.ask({ ask: 'app-message', data: 'mine' })()).toBe('granted');
});

test('chat has a name and a time, and a room may have none', async () => {
  ada.ask({ ask: 'chat', text: 'hello' });
  ada.ask({ ask: 'chat', text: 'hello', userName: 'The bot' });
  expect(grace.of('chat').map(({ userName, from }) => [userName, from])).toEqual([
    ['Ada', ada.id],
    ['The bot', ada.id],
  ]);
  kit.rooms.set('hello', { chat: false });
  kit.hub.changed('hello');
  expect(ada.ask({ ask: 'chat', text: 'hello' })()).toBe('unavailable');
});

test('digits are told one by one, as long apart as one lasts, after those before', async () => {
  const times: [string, number][] = [];
  const send = grace.send.bind(grace);
  grace.send = (text) => {
    const message = JSON.parse(text);
    if (message.type === 'dtmf') times.push([message.tone, kit.clock.now()]);
    send(text);
  };
  ada.ask({ ask: 'dtmf', tones: '1w2,#', digitDurationMs: 100 });
  ada.ask({ ask: 'dtmf', to: grace.id, tones: 'A', digitDurationMs: 200 });
  await kit.clock.advance(5_000);
  expect(times).toEqual([
    ['1', 0],
    ['2', 600],
    ['#', 2_700],
    ['A', 2_800],
  ]);
  expect(linus.of('dtmf').map(({ tone }) => tone)).toEqual(['1', '2', '#']);
  expect(kit.clock.timers).toBe(0);
});

test('who leaves says no more digits, and only so many may wait', async () => {
  const answers = Array.from({ length: 5 }, () =>
    ada.ask({ ask: 'dtmf', tones: '1'.repeat(64), digitDurationMs: 6_000 }),
  );
  expect(answers.map((answer) => answer())).toEqual(['granted', 'granted', 'granted', 'granted', 'rate']);
  ada.say({ type: 'leave' });
  await kit.clock.advance(60_000);
  expect(grace.of('dtmf')).toHaveLength(1);
});
