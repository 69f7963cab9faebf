import { strict as assert } from 'node:assert';
import { readDisplay } from '../../../packages/transport/src/room/janus/members/participant-card.ts';
import { Roster } from '../../../packages/transport/src/room/janus/members/roster.ts';
import { type RoomEventTaker, takeRoomEvent } from '../../../packages/transport/src/room/janus/room-events.ts';
import { readJanusMessage } from '../../../packages/transport/src/room/janus/wire/janus-message.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const track = { name: 'microphone', enabled: true, continuous: true, ignoreLevel: false };
const card = {
  v: 1,
  userId: 'u',
  joinedAt: '2030-01-01T00:00:00.000Z',
  tracks: [track],
  userData: { a: [1] },
  permissions: { canSend: ['camera'], hasPresence: true },
  message: { n: 1, kind: 'chat', data: 'hello', userName: 'Ada' },
};
const display = `Ada\u001f${JSON.stringify(card)}`;
const streams = [
  { mid: '0', type: 'audio', description: 'microphone' },
  { mid: '1', type: 'video', disabled: true },
];
const event = (data: object) =>
  JSON.stringify({ janus: 'event', sender: 1, plugindata: { plugin: 'janus.plugin.videoroom', data } });

export const janusTarget: FuzzTarget = {
  name: 'janus',
  reads: 'messages of a Janus server, events of its rooms, and the cards in the names of their members',
  seeds: () => [
    event({ videoroom: 'joined', id: 'a', attendees: [{ id: 'b', display }], publishers: [{ id: 3, streams }] }),
    event({ videoroom: 'event', joining: { id: 'c', display } }),
    event({ videoroom: 'event', id: 'c', display }),
    event({ videoroom: 'talking', id: 'b', mid: '0' }),
    event({ videoroom: 'event', unpublished: 'b', kicked: 3 }),
    event({ videoroom: 'event', leaving: 'ok', reason: 'kicked' }),
    event({ videoroom: 'destroyed' }),
    JSON.stringify({ janus: 'success', transaction: 't', data: { id: 1 } }),
    JSON.stringify({ janus: 'error', error: { code: 458, reason: 'no such session' } }),
    display,
  ],
  run: (input) => {
    const text = Buffer.from(input).toString();
    const { userName, card: read } = readDisplay(text);
    if (read !== undefined) {
      const printed = JSON.stringify(read);
      assert.equal(JSON.stringify(readDisplay(`${userName}\u001f${printed}`).card), printed);
    }
    takeRoomEvent(readJanusMessage(text).plugindata?.data ?? {}, meeting());
  },
};

/** A room with one member, who is told what comes. */
function meeting(): RoomEventTaker {
  const quiet = { joined: () => {}, updated: () => {}, left: () => {}, said: () => {}, missed: () => {} };
  const roster = new Roster(quiet, 'a', () => '2030-01-01T00:00:00.000Z');
  roster.take({ id: 'b', display, streams });
  return {
    entry: (value) => roster.take(value),
    unpublished: (feed) => roster.unpublished(feed),
    left: (feed, reason) => roster.left(feed, reason),
    talking: () => {},
    over: () => {},
  };
}
