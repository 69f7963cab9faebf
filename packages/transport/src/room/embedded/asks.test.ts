import { VirtualClock } from '@sluice/core/testing';
import type { Ask, ClientMessage } from '@sluice/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Asks } from './asks.ts';

type AskMessage = ClientMessage & { readonly type: 'ask' };

/** A room that is reached while `connected`; what is said while it is not arrives when it is again. */
function room() {
  const sent: AskMessage[] = [];
  const late: AskMessage[] = [];
  const line = {
    connected: true,
    back() {
      line.connected = true;
      sent.push(...late.splice(0));
      asks.resumed();
    },
    restart() {
      line.connected = true;
      late.length = 0;
      asks.serverForgot();
    },
  };
  const asks = new Asks((message) => {
    (line.connected ? sent : late).push(message as AskMessage);
    return line.connected;
  });
  return { sent, asks, line, numbers: () => sent.splice(0).map(({ number }) => number) };
}

test('each answer goes to its question, in any order', async () => {
  const { sent, asks } = room();
  const first = asks.ask({ ask: 'start-recording' });
  const second = asks.ask({ ask: 'chat', text: 'hello' });
  expect(sent).toMatchObject([{ number: 1 }, { number: 2, ask: { text: 'hello' } }]);
  asks.answered({ type: 'denied', number: 2, code: 'not-allowed', message: 'no chat here' });
  asks.answered({ type: 'granted', number: 1, grant: { streamId: 'main' } });
  asks.answered({ type: 'granted', number: 1, grant: {} });
  await expect(first).resolves.toEqual({ streamId: 'main' });
  await expect(second).rejects.toMatchObject({ code: 'SLUICE_ROOM_DENIED', denial: 'not-allowed' });
});

test('of a server that forgot us what it may have done is asked again only where that is the same', async () => {
  const { asks, numbers } = room();
  const said = asks.ask({ ask: 'chat', text: 'once' });
  const ejected = asks.ask({ ask: 'eject', ids: ['ada'] });
  const done = asks.ask({ ask: 'stop-recording' });
  asks.answered({ type: 'granted', number: 3, grant: {} });
  await done;
  numbers();
  const begun = asks.ask({ ask: 'take-place' });
  numbers();
  asks.serverForgot();
  const unknown = { code: 'SLUICE_ROOM_LOST', message: expect.stringMatching(/before it answered chat: nobody knows/) };
  await expect(said).rejects.toMatchObject(unknown);
  asks.repeat();
  expect(numbers()).toEqual([2, 4]);
  asks.answered({ type: 'granted', number: 2, grant: {} });
  asks.answered({ type: 'granted', number: 4, grant: {} });
  await Promise.all([ejected, begun]);
});

test('what no server can have done is asked again in any case, before what comes later', () => {
  const { asks, line, numbers } = room();
  line.connected = false;
  void asks.ask({ ask: 'chat', text: 'while it was cut' });
  line.restart();
  // By a handler of the events of coming back.
  void asks.ask({ ask: 'chat', text: 'after it' });
  expect(numbers()).toEqual([]);
  asks.repeat();
  void asks.ask({ ask: 'chat', text: 'later' });
  expect(numbers()).toEqual([1, 2, 3]);
});

test('what the socket took when it was back may have been done', async () => {
  const { asks, line } = room();
  line.connected = false;
  const said = asks.ask({ ask: 'app-message', data: 1 });
  line.back();
  line.restart();
  await expect(said).rejects.toMatchObject({ code: 'SLUICE_ROOM_LOST' });
});

test('each ask is done at most once and ends once, whatever happens to sockets and servers', async () => {
  const step = fc.constantFrom('say', 'eject', 'cut', 'back', 'restart', 'answer', 'return' as const);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { asks, line, sent } = room();
      const took = new Map<number, number>();
      const ends: number[] = [];
      let asked = 0;
      const ask = (what: Ask) => {
        const number = asked++;
        const end = () => {
          ends[number] = (ends[number] ?? 0) + 1;
        };
        asks.ask(what).then(end, end);
      };
      const deliver = () => {
        for (const { number, ask } of sent) if (ask.ask === 'chat') took.set(number, (took.get(number) ?? 0) + 1);
      };
      for (const one of steps) {
        if (one === 'say') ask({ ask: 'chat', text: 'x' });
        else if (one === 'eject') ask({ ask: 'eject', ids: ['ada'] });
        else if (one === 'cut') line.connected = false;
        else if (one === 'back') line.back();
        else if (one === 'restart') line.restart();
        else if (one === 'return') asks.repeat();
        else {
          const last = sent.at(-1);
          if (last !== undefined) asks.answered({ type: 'granted', number: last.number, grant: {} });
        }
      }
      deliver();
      expect([...took.values()].every((times) => times === 1)).toBe(true);
      asks.end(undefined);
      await Promise.resolve();
      await Promise.resolve();
      expect(ends).toEqual(Array(asked).fill(1));
    }),
  );
});

test('who leaves waits for its last answers, and not for ever', async () => {
  const { asks } = room();
  const clock = new VirtualClock();
  let settled = 0;
  const wait = () => void asks.settled(clock, 1_000).then(() => settled++);
  wait();
  await clock.settle();
  expect(settled).toBe(1);
  const said = asks.ask({ ask: 'chat', text: 'bye' });
  wait();
  wait();
  await clock.settle();
  expect(settled).toBe(1);
  asks.answered({ type: 'granted', number: 1, grant: {} });
  await said;
  await clock.settle();
  expect([settled, clock.timers]).toEqual([3, 0]);
  const never = expect(asks.ask({ ask: 'chat', text: 'anybody?' })).rejects.toMatchObject({ code: 'SLUICE_ROOM_LOST' });
  wait();
  await clock.advance(1_000);
  expect(settled).toBe(4);
  asks.end(undefined);
  await never;
});

test('the end of the session ends every question, also later ones', async () => {
  const { asks } = room();
  const open = asks.ask({ ask: 'chat', text: 'hello' });
  asks.end(undefined);
  await expect(open).rejects.toMatchObject({ code: 'SLUICE_ROOM_LOST' });
  await expect(asks.ask({ ask: 'chat', text: 'late' })).rejects.toMatchObject({ code: 'SLUICE_ROOM_LOST' });
});
