import { EventEmitter } from 'node:events';
import { VirtualClock } from '@sluice/core/testing';
import { beforeEach, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { AddressBudgets } from './budgets/address-budgets.ts';
import { MessageBudget } from './budgets/message-budget.ts';
import { RoomSocket } from './room-socket.ts';

/** The server's end of a socket whose client sends as fast as it is read. */
class FakeWebSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  isPaused = false;
  closeCode: number | undefined;
  pause = () => {
    this.isPaused = true;
  };
  resume = () => {
    this.isPaused = false;
  };
  send = () => {};
  ping = () => this.emit('pong', Buffer.alloc(0));
  close = (code: number) => {
    this.closeCode = code;
    this.readyState = 2;
  };
  terminate = () => {
    this.readyState = 3;
    this.emit('close');
  };
}

let clock: VirtualClock;
let budgets: AddressBudgets;

beforeEach(() => {
  clock = new VirtualClock();
  budgets = new AddressBudgets(clock, 32);
});

/** A member with its budget, which another socket of it brings along. */
function open(address = 'a', budget = new MessageBudget(clock)) {
  const ws = new FakeWebSocket();
  const taken = { messages: 0 };
  const address_ = budgets.of(address);
  const close = address_.open();
  ws.once('close', close);
  new RoomSocket(ws as unknown as WebSocket, {
    clock,
    joinDeadlineMs: 5_000,
    address: address_,
    room: 'hello',
    connect: (_, joined) => ({
      message: () => {
        if (taken.messages++ === 0) joined(budget);
      },
      refused: () => {},
      closed: () => {},
    }),
  });
  ws.emit('message', Buffer.from('{}'), false);
  return { ws, taken, budget };
}

/** Sends up to so many a second, while it is read. */
async function send(clients: readonly { ws: FakeWebSocket }[], perSecond: number, seconds: number, event = 'message') {
  for (let n = 0; n < seconds * perSecond; n++) {
    for (const { ws } of clients) if (!ws.isPaused) ws.emit(event, Buffer.alloc(100), false);
    await clock.advance(1_000 / perSecond);
  }
}

test('of many that each keep their own rate, all together keep that of their address', async () => {
  const clients = Array.from({ length: 30 }, () => open());
  await send(clients, 95, 20);
  const total = clients.reduce((sum, { taken }) => sum + taken.messages, 0);
  // What may be sent at once, what each may before it is told from the others, and the rate.
  expect(total).toBeLessThan(4_000 + 30 * 100 + 20 * 1_000 + 2_000);
  expect(total).toBeGreaterThan(15_000);
  expect(clients.map(({ ws }) => ws.readyState)).toEqual(clients.map(() => 1));
});

test('and one that says little beside them is read all the time', async () => {
  const clients = Array.from({ length: 30 }, () => open());
  const little = open();
  const other = open('b');
  let unread = 0;
  for (let second = 0; second < 20; second++) {
    await send(clients, 95, 1);
    for (const { ws } of [little, other]) {
      if (ws.isPaused) unread++;
      ws.emit('message', Buffer.alloc(100), false);
    }
  }
  expect(unread).toBe(0);
});

test.each(['ping', 'pong'])('a flood of %s frames is slowed down and ended like any other', async (event) => {
  const client = open();
  for (let n = 0; n < 500; n++) client.ws.emit(event, Buffer.alloc(0));
  expect(client.ws.isPaused).toBe(true);
  for (let n = 0; n < 500; n++) client.ws.emit(event, Buffer.alloc(0));
  expect(client.ws.closeCode).toBe(1008);
});

test('another socket brings no other budget', async () => {
  const { budget } = open();
  let messages = 0;
  // A new socket for each 100 messages, as fast as it is read, for 20 s.
  for (let socket = 0; socket < 200; socket++) {
    const client = open(`address ${socket}`, budget);
    for (let n = 0; n < 100 && !client.ws.isPaused && client.ws.readyState === 1; n++)
      client.ws.emit('message', Buffer.alloc(100), false);
    messages += client.taken.messages;
    client.ws.terminate();
    await clock.advance(100);
  }
  expect(messages).toBeLessThan(400 + 20 * 100 + 2 * 200 + 100);
});

test('an address brings nobody new into a room where one of its clients flooded, once for each client', async () => {
  const { ws, budget } = open();
  const flood = (socket: FakeWebSocket) => {
    for (let n = 0; n < 1_000; n++) socket.emit('message', Buffer.alloc(10), false);
    expect(socket.closeCode).toBe(1008);
  };
  expect(budgets.of('a').tryJoin('hello')).toBe(true);
  flood(ws);
  expect(budgets.of('a').tryJoin('hello')).toBe(false);
  expect(budgets.of('b').tryJoin('hello')).toBe(true);
  await clock.advance(30_000);
  const again = open('a', budget);
  flood(again.ws);
  expect(budgets.of('a').tryJoin('hello')).toBe(true);
});
