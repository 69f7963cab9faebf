import { describe, expect, test } from 'vitest';
import { readRoomProperties } from './room-fields.ts';
import { RoomList, type RoomListOptions } from './room-list.ts';

const at = Date.UTC(2030, 0, 1);
const list = (options: Partial<RoomListOptions> = {}) => new RoomList({ most: 3, wallClock: () => at, ...options });

describe('which rooms there are', () => {
  test('every name, until told otherwise', () => {
    const rooms = list({ rooms: { board: { private: true } } });
    expect(rooms.find('board')).toEqual({ private: true });
    expect(rooms.find('lobby')).toEqual({});
  });

  test('those of the list alone', () => {
    const rooms = list({ rooms: { board: {} }, creation: 'listed' });
    expect(rooms.find('board')).toEqual({});
    expect(rooms.find('lobby')).toBeUndefined();
  });

  test('a deleted name opens nothing until it is made again', () => {
    const rooms = list({ rooms: { board: { private: true } } });
    expect(rooms.delete('', 'board')).toBe(true);
    expect(rooms.find('board')).toBeUndefined();
    expect(rooms.delete('', 'board')).toBe(false);
    expect(rooms.create('', 'board', {})).toMatchObject({ name: 'board' });
    expect(rooms.find('board')).toEqual({});
  });

  test('ten thousand deleted names are remembered, and no more', () => {
    const rooms = list();
    for (let n = 0; n <= 10_000; n++) rooms.delete('', `room-${n}`);
    expect(rooms.find('room-0')).toEqual({});
    expect(rooms.find('room-1')).toBeUndefined();
    expect(rooms.find('room-10000')).toBeUndefined();
  });

  test('a full list makes place of what expired, which is as deleted', () => {
    const rooms = list();
    rooms.create('', 'past', { expiresAt: '2029-12-31T23:59:59Z' });
    rooms.create('', 'future', { expiresAt: '2030-01-01T00:00:01Z' });
    rooms.create('', 'always', {});
    expect(rooms.create('', 'more', {})).toMatchObject({ name: 'more', createdAt: '2030-01-01T00:00:00.000Z' });
    expect(rooms.find('past')).toBeUndefined();
    expect(rooms.create('', 'yet-more', {})).toBe('full');
  });
});

describe('whose they are', () => {
  test('a tenant sees and governs its own', () => {
    const rooms = list({ rooms: { board: {} } });
    rooms.create('acme', 'standup', { chat: false });
    expect(rooms.get('acme', 'standup')?.properties).toEqual({ chat: false });
    for (const [tenant, name] of [
      ['acme', 'board'],
      ['', 'standup'],
      ['other', 'standup'],
      ['acme', 'lobby'],
    ] as const) {
      expect(rooms.get(tenant, name)).toBeUndefined();
      expect(rooms.governs(tenant, name)).toBe(false);
      expect(rooms.replace(tenant, name, {})).toBeUndefined();
      expect(rooms.delete(tenant, name)).toBe(false);
    }
    // What whoever comes first makes is the server's.
    expect(rooms.governs('', 'lobby')).toBe(true);
    expect(rooms.create('other', 'standup', {})).toBe('taken');
  });

  test('pages in the order in which they were made', () => {
    const rooms = list({ most: 10 });
    for (const name of ['c', 'a', 'b']) rooms.create('acme', name, {});
    rooms.create('', 'x', {});
    rooms.replace('acme', 'c', { chat: false });
    const names = (limit: number, after?: string) => rooms.page('acme', limit, after)?.rooms.map(({ name }) => name);
    expect(names(2)).toEqual(['c', 'a']);
    expect(names(2, 'a')).toEqual(['b']);
    expect(names(2, 'b')).toEqual([]);
    expect(names(2, 'x')).toBeUndefined();
    expect(rooms.page('acme', 1)?.total).toBe(3);
  });
});

describe('refused at once', () => {
  test.each<[string, object, RegExp]>([
    ['a name that is none', { rooms: { 'a/b': {} } }, /A-Z a-z 0-9 _ -/],
    ['a path of the server', { rooms: { healthz: {} } }, /none of healthz, v1/],
    ['too many', { rooms: { a: {}, b: {}, c: {}, d: {} } }, /at most 3 rooms/],
    ['another way of making rooms', { creation: 'nobody' }, /one of anyone, listed/],
    [
      'a property that is none',
      { rooms: { a: { max_participants: 3 } } },
      /rooms\.a\.max_participants.*maxParticipants/,
    ],
  ])('%s', (_, options, message) => {
    expect(() => list(options)).toThrow(message);
  });

  test.each<[string, object, RegExp]>([
    ['a name from elsewhere', { exp: 1 }, /the field expiresAt instead/],
    ['a time that is none', { expiresAt: '2030-13-45T99:00:00Z' }, /ISO 8601/],
    ['a time without a zone', { expiresAt: '2030-01-01T00:00:00' }, /ISO 8601/],
    ['a number for a time', { expiresAt: 1_900_000_000 }, /string/],
    ['nobody', { maxParticipants: 0 }, /maxParticipants/],
    ['65 participants', { maxParticipants: 65 }, /maxParticipants/],
    ['a text for a flag', { private: 'true' }, /boolean/],
    ['a permission that is none', { permissions: { canSend: ['smell'] } }, /permissions\.canSend/],
    ['__proto__', JSON.parse('{"__proto__":{"private":false}}'), /__proto__/],
    ['a list', [], /an object with the fields private/],
  ])('%s', (_, properties, message) => {
    expect(() => readRoomProperties('properties', properties)).toThrow(message);
  });
});
