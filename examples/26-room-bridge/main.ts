// Two rooms hear each other: each room's sound is the voice of a client in the other.
import { graph } from '@sluice/core';
import { CallClient, Daily, fromCall, startRoomServer, toMicrophone } from '@sluice/transport';
import { openRoom, say } from '../room.ts';

await using room = await openRoom();
Daily.init();
await using server = await startRoomServer();
const [here, there] = await Promise.all([enter('here', room.url), enter('there', server.roomUrl('other-side'))]);
say(`bridging ${here.url} and ${there.url}`);

const bridge = graph('bridge');
// A client does not hear itself, so nothing comes back to where it came from.
bridge.from(fromCall(here.client)).to(toMicrophone(there.microphone));
bridge.from(fromCall(there.client)).to(toMicrophone(here.microphone));
await bridge.start();
await room.stopped;
await bridge.stop();
await Promise.all([here, there].map(({ client }) => client.release()));
await Daily.deinit();

async function enter(name: string, url: string) {
  const microphone = Daily.createMicrophoneDevice(name, { sampleRate: 48_000 });
  const client = new CallClient();
  const inputs = { microphone: { isEnabled: true, settings: { deviceId: name } } };
  await client.join(url, { userName: 'bridge', clientSettings: { inputs } });
  return { client, microphone, url };
}
