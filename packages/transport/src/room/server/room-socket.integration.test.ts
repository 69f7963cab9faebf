import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { joinBare } from '../../../test/bare-client.ts';
import { until } from '../../../test/until.ts';
import { startRoomServer } from './room-server.ts';

test('a socket that answers no pings is dead after three, and the others are told', async () => {
  const clock = new VirtualClock();
  const server = await startRoomServer({ clock });
  const mute = await joinBare(server.roomUrl('hello'), undefined, { autoPong: false });
  const other = await joinBare(server.roomUrl('hello'));
  const seen = (type: string) => other.messages.filter((message) => message.type === type).length;
  let pings = 0;
  other.ws.on('ping', () => pings++);
  for (let n = 1; n <= 4; n++) {
    await clock.advance(2_000);
    await until(() => pings === n);
    // What is answered comes after the answer to the ping.
    other.say({ type: 'update', userName: `still here ${n}` });
    await until(() => seen('participant-updated') === n);
  }
  expect(await mute.closed).toBe(1006);
  await until(() => seen('participant-detached') === 1);
  expect(other.ws.readyState).toBe(other.ws.OPEN);
  other.ws.terminate();
  await server.close();
});
