// A call of which the program keeps nothing, in a process that collects its garbage all the time. Prints, every half a
// second, how many frames of 10 ms with sound in them were heard.
import { CallClient, Daily, startRoomServer } from '@sluice/transport';

const collect = globalThis.gc;
let heard = 0;

async function call(url) {
  const microphone = Daily.createMicrophoneDevice('mic', { sampleRate: 16_000, channels: 1 });
  const [ada, ben] = [new CallClient(), new CallClient()];
  const inputs = { microphone: { isEnabled: true, settings: { deviceId: 'mic' } } };
  await ada.join(url, { clientSettings: { inputs } });
  ben.setAudioRenderer(
    ada.participants().local.id,
    (_, frame) => {
      if (frame.samples.some((sample) => Math.abs(sample) > 1_000)) heard++;
      frame.close();
    },
    { sampleRate: 16_000, callbackIntervalMs: 10 },
  );
  await ben.join(url);
  void microphone.write(Int16Array.from({ length: 10 * 16_000 }, (_, index) => 8_000 * Math.sin(index / 4)));
}

Daily.init({ mediaHost: 'in-process' });
const server = await startRoomServer();
await call(server.roomUrl('collected'));
while (heard === 0) await new Promise((resolve) => setTimeout(resolve, 20));
const collecting = setInterval(collect, 25);
for (let times = 0; times < 6; times++) {
  const before = heard;
  await new Promise((resolve) => setTimeout(resolve, 500));
  console.log(heard - before);
}
clearInterval(collecting);
await Daily.deinit();
await server.close();
