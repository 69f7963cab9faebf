import { expect, test } from 'vitest';
import { roomAddress } from './room-address.ts';

const address = (rest: string) => roomAddress(new URL(`janus+ws://127.0.0.1:8188/${rest}`));

test('digits are a numeric room, and everything else a name', () => {
  expect(address('1234')).toMatchObject({ room: '1234', numeric: true, create: false, publishers: 64 });
  expect(address('hello?create&secret=s&pin=p&apisecret=a&apitoken=t%2B%3D&publishers=6')).toEqual({
    room: 'hello',
    numeric: false,
    create: true,
    secret: 's',
    pin: 'p',
    apiSecret: 'a',
    apiToken: 't+=',
    publishers: 6,
    recorded: false,
    servers: [new URL('janus+ws://127.0.0.1:8188/hello')],
  });
  // As a number it would be another room.
  expect(address('9'.repeat(17)).numeric).toBe(false);
});

test('other servers of the room stand beside the first one, each once', () => {
  const { servers } = address('hello?servers=10.0.0.2:8188,127.0.0.1:8188,[::1]:80,janus.example.org');
  expect(servers.map(({ href }) => href)).toEqual([
    'janus+ws://127.0.0.1:8188/hello',
    'janus+ws://10.0.0.2:8188/hello',
    'janus+ws://[::1]:80/hello',
    'janus+ws://janus.example.org/hello',
  ]);
});

test.each([
  '',
  'a b',
  'hello?secrt=s',
  'hello?publishers=0',
  'hello?publishers=x',
  'hello?token=t',
  'hello?t=t',
  'hello?servers=,',
  'hello?servers=a:b',
])('%j is refused, and its secrets are not told', (rest) => {
  const error = (() => {
    try {
      return address(`${rest}${rest.includes('?') ? '&' : '?'}secret=hush`);
    } catch (error) {
      return error as Error;
    }
  })();
  expect(error).toMatchObject({ code: 'SLUICE_ROOM_URL' });
  expect((error as Error).message).not.toContain('hush');
});
