import { expect, test } from 'vitest';
import { enterRoom } from './enter-room.ts';
import { roomAddress } from './room-address.ts';
import { isJanusCode, janusError } from './wire/janus-errors.ts';
import type { JanusHandle } from './wire/janus-handle.ts';

const NO_SUCH_ROOM = 426;
const ROOM_EXISTS = 427;
/** What the plugin makes of a room of which nobody says more. */
const DEFAULT_PUBLISHERS = 3;

/** A server without the room, as far as rooms go; `others` make it before we can. */
function serverWithout({ others = false } = {}) {
  const rooms = new Map<unknown, { publishers: number }>();
  const ask = async ({ request, room, publishers = DEFAULT_PUBLISHERS }: Record<string, unknown>) => {
    if (request === 'create') {
      if (others) rooms.set(room, { publishers: DEFAULT_PUBLISHERS });
      if (rooms.has(room)) throw janusError(ROOM_EXISTS, 'it is there', 'to make it');
      rooms.set(room, { publishers: Number(publishers) });
    } else if (!rooms.has(room)) throw janusError(NO_SUCH_ROOM, 'no such room', 'to join it');
    return { data: { id: 'me', videoroom: 'joined' } };
  };
  return { rooms, handle: { ask } as unknown as JanusHandle };
}
const address = (query: string) => roomAddress(new URL(`janus+ws://127.0.0.1:8188/hello${query}`));
const me = { id: 'me', display: 'Ada' };

test('a room that is made takes more publishers than the three of the plugin, as many as the address says', async () => {
  for (const [query, publishers] of [
    ['?create', 64],
    ['?create&publishers=6', 6],
  ] as const) {
    const { rooms, handle } = serverWithout();
    expect(await enterRoom(handle, address(query), me)).toMatchObject({ room: 'hello', feed: 'me' });
    expect(rooms.get('hello')).toEqual({ publishers });
  }
});

test('a room that somebody else makes in the same moment is entered as it is, and none is made where nobody says so', async () => {
  const quicker = serverWithout({ others: true });
  await enterRoom(quicker.handle, address('?create'), me);
  expect(quicker.rooms.get('hello')).toEqual({ publishers: DEFAULT_PUBLISHERS });
  const { rooms, handle } = serverWithout();
  const refusal = await enterRoom(handle, address(''), me).catch((error: unknown) => error);
  expect(isJanusCode(refusal, NO_SUCH_ROOM)).toBe(true);
  expect(rooms.size).toBe(0);
});
