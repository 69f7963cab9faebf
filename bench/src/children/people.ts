import { fromTestPattern } from '@sluice/nodes';
import { CallClient, Daily } from '@sluice/transport';
import { serve } from './serve.ts';
import { toneSlices } from './tone-slices.ts';

const PICTURE = { width: 640, height: 360, frameRate: 15 } as const;
const slices = toneSlices(440, 20);

serve({
  /** So many people enter and speak; the first `seen` of them show the test pattern, 360p at 15/s. */
  async enter(url: string, count: number, seen: number): Promise<void> {
    Daily.init();
    await Promise.all(Array.from({ length: count }, (_, index) => enter(url, `person-${index}`, index < seen)));
  },
});

async function enter(url: string, deviceId: string, seen: boolean): Promise<void> {
  const microphone = Daily.createMicrophoneDevice(deviceId, { sampleRate: 48_000 });
  const client = new CallClient();
  const on = { isEnabled: true, settings: { deviceId } };
  const media = 'unsubscribed';
  await client.updateSubscriptionProfiles({ base: { microphone: media, camera: media } });
  const inputs = { microphone: on, camera: seen ? { isEnabled: true, settings: { deviceId: show(deviceId) } } : false };
  await client.join(url, { clientSettings: { inputs } });
  void speak(microphone);
}

function show(deviceId: string): string {
  const camera = Daily.createCameraDevice(`${deviceId}-camera`, { ...PICTURE, colorFormat: 'I420' });
  fromTestPattern({ ...PICTURE, live: true }).subscribe((frame) => {
    camera.writeFrame(frame);
  });
  return camera.name;
}

async function speak(microphone: ReturnType<typeof Daily.createMicrophoneDevice>): Promise<void> {
  for (let index = 0; ; index++) await microphone.writeFrames(slices[index % slices.length]!);
}
