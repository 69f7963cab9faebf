import { limits, parseClientMessage, parseServerMessage, type RoomParticipantInfo, utf8Bytes } from '@sluice/protocol';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { checkJson } from '../../call/control/check-json.ts';
import type { RoomNews, RoomParticipant } from '../driver.ts';
import { type CardMessage, readDisplay, writeDisplay } from './members/participant-card.ts';
import { RoomAsks, type RoomAsksOptions } from './room-asks.ts';

const id = '12345678-1234-4234-8234-123456789abc';
const info = {
  id,
  userName: 'Ada',
  userId: 'ada',
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: [],
  permissions: { hasPresence: true },
  mutedRemotely: [],
} as unknown as RoomParticipantInfo;
const ada = info as unknown as RoomParticipant;

let news: RoomNews[];
let asks: RoomAsks;
beforeEach(() => {
  news = [];
  asks = new RoomAsks({ self: () => ada, tell: (one: RoomNews) => news.push(one) } as unknown as RoomAsksOptions);
});

/** What the others of a room of Janus are told of a message. */
function overJanus(message: Omit<CardMessage, 'n'>): RoomNews[] {
  news.length = 0;
  const { card } = readDisplay(JSON.parse(JSON.stringify(writeDisplay(info, [{ n: 1, ...message }]))));
  if (card?.message !== undefined) asks.take(ada, card.message);
  return news;
}

/** What the embedded room server and a client behind it read of it, undefined where one of them refuses it. */
function overRoom(data: unknown): unknown {
  try {
    const said = parseClientMessage(JSON.stringify({ type: 'ask', number: 1, ask: { ask: 'app-message', data } }));
    const ask = said.type === 'ask' && said.ask.ask === 'app-message' ? said.ask : undefined;
    const told = parseServerMessage(JSON.stringify({ type: 'app-message', from: id, data: ask?.data }));
    return told.type === 'app-message' ? told.data : undefined;
  } catch {
    return undefined;
  }
}

/** As JSON: `toEqual` takes tens of milliseconds for two thousand levels. */
function expectSame(one: unknown, other: unknown): void {
  expect(JSON.stringify(one)).toBe(JSON.stringify(other));
}

const bytesOf = (value: unknown) => utf8Bytes(JSON.stringify(value));
/** Letters of one to four bytes, of two units, and such as JSON writes in two to six. */
const letter = fc.constantFrom('a', 'é', '€', '😀', '\ud800', '\udc00', '\n', '"', '\\', '\u0000', '\u2028');
const around = fc.integer({ min: -8, max: 8 }).map((off) => limits.appMessageBytes + off);
const long = fc.tuple(letter, around).map(([one, bytes]) => {
  const times = Math.floor((bytes - 2) / (bytesOf(one) - 2));
  const text = one.repeat(times);
  return text + 'a'.repeat(Math.max(0, bytes - bytesOf(text)));
});
const deep = around.map((bytes) => JSON.parse('['.repeat(bytes >> 1) + ']'.repeat(bytes >> 1)) as unknown);
const wide = around.map((bytes) => {
  const keys = Array.from({ length: 500 }, (_, n) => [`${n}`.padStart(3, 'k'), 0] as const);
  const value = { ...Object.fromEntries(keys), fill: '' };
  return { ...value, fill: 'x'.repeat(Math.max(0, bytes - bytesOf(value))) };
});
const message = fc.oneof(long, deep, wide, fc.jsonValue());

test('messages around the limit are refused with one error, or come whole, through every way', () => {
  let [taken, refused] = [0, 0];
  fc.assert(
    fc.property(message, (value) => {
      if (value === null) return;
      const fits = bytesOf(value) <= limits.appMessageBytes;
      if (fits) taken++;
      else refused++;
      const checked = () => checkJson('message', value, limits.appMessageBytes);
      const expected = fits ? JSON.parse(JSON.stringify(value)) : undefined;
      if (fits) expectSame(checked(), expected);
      else expect(checked).toThrow(RangeError);
      // What another client says, which checks nothing.
      expectSame(overRoom(value), expected);
      const told = overJanus({ kind: 'app-message', data: value });
      expectSame(told, fits ? [{ type: 'app-message', from: id, data: expected }] : []);
    }),
    { numRuns: 200 },
  );
  expect(Math.min(taken, refused)).toBeGreaterThan(20);
});

test('what somebody says in a room of Janus that no embedded room would pass on is passed over, and throws nothing', () => {
  const nested = JSON.parse('['.repeat(15_000) + ']'.repeat(15_000)) as unknown;
  // As its client would write it: `JSON.stringify` does not go that deep.
  const display = writeDisplay({ ...info, userData: 'deep' }, [{ n: 1, kind: 'app-message', data: 'deep' }]);
  for (const where of ['"userData":"deep"', '"data":"deep"']) {
    const text = display.replace(where, where.replace('"deep"', '['.repeat(15_000) + ']'.repeat(15_000)));
    const { card } = readDisplay(text);
    expect(card?.userData).toBe(where.startsWith('"u') ? null : 'deep');
    asks.take(ada, card!.message!);
  }
  expect(news).toEqual([{ type: 'app-message', from: id, data: 'deep' }]);
  for (const data of [null, undefined, nested]) asks.take(ada, { n: 1, kind: 'app-message', data });
  for (const data of ['', 'a\u0007', '\ud800', 1, nested, 'x'.repeat(limits.appMessageBytes + 1)])
    asks.take(ada, { n: 1, kind: 'chat', data });
  for (const userName of ['two\nlines', 'x'.repeat(limits.userNameBytes + 1)])
    asks.take(ada, { n: 1, kind: 'chat', data: 'hello', userName });
  expect(news).toHaveLength(1);
});

test('a name in a room of Janus is one line, wherever it is cut', () => {
  expect(readDisplay('Ada\u202e\n\u0000').userName).toBe('Ada');
  const { userName } = readDisplay(`a${'😀'.repeat(200)}`);
  expect(userName).toBe(`a${'😀'.repeat(63)}`);
});
