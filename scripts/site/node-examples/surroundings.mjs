// Where examples are: a room in virtual time, a call on loopback, addresses at which somebody listens. Ended with `endSurroundings`.
import { VirtualClock } from '@sluice/core/testing';
import { freePort, startNats } from '@sluice/fleet/testing';
import { virtualRoom } from '@sluice/scenario';
import { CallClient, Daily, startRoomServer } from '@sluice/transport';
import { spoken } from './inputs.mjs';

/** A question in samples of 16 kHz, and an agent and a person in a room that has a clock of its own. */
export const talks = {
  question: async () => Int16Array.from((await spoken('What time is it?')).flatMap(({ samples }) => [...samples])),
  room: () => {
    const clock = new VirtualClock();
    const room = virtualRoom({ clock });
    return { clock, agent: room.join('agent'), person: room.join('person') };
  },
};

/** Where others listen: a port that is free, and a NATS server that ends with this process. */
export const addresses = {
  rtmpUrl: async () => `rtmp://127.0.0.1:${await freePort()}/live`,
  natsUrl: async () => {
    nats ??= startNats({ jetStream: false });
    return (await nats).url;
  },
};
let nats;

/** Two who are in a room, with the devices of the one and what the other is heard by. */
async function callOfTwo() {
  const server = await startRoomServer();
  Daily.init();
  const microphone = Daily.createMicrophoneDevice('ada-voice', { sampleRate: 16_000, channels: 1 });
  const camera = Daily.createCameraDevice('ada-camera', { width: 320, height: 180, colorFormat: 'RGBA' });
  const speaker = Daily.createSpeakerDevice('ben-ears', { sampleRate: 16_000, channels: 1 });
  Daily.selectSpeakerDevice('ben-ears');
  const [ada, ben] = [new CallClient(), new CallClient()];
  ada.setUserName('Ada');
  const devices = { microphone, camera };
  const inputs = Object.fromEntries(
    Object.entries(devices).map(([kind, { name }]) => [kind, { isEnabled: true, settings: { deviceId: name } }]),
  );
  const url = server.roomUrl('example');
  await ada.join(url, { clientSettings: { inputs } });
  await ben.join(url);
  const adaId = ada.participants().local.id;
  return { server, roomUrl: server.roomUrl, ada, adaId, ben, speaker, ...devices };
}

/** Made once for all examples. */
let call;
export const calls = {
  call: () => {
    call ??= callOfTwo();
    return call;
  },
};

/** Ends what runs beside the examples. */
export async function endSurroundings() {
  await (await nats)?.kill();
  if (call === undefined) return;
  const { server } = await call;
  await Daily.deinit();
  await server.close();
}
