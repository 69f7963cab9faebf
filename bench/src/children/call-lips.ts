import { graph, type SyncStatistics, syncGroup } from '@sluice/core';
import { fromSyncBeeps, fromTestPattern, readTestPattern } from '@sluice/nodes';
import { CallClient, Daily, type Participant, toCamera, toMicrophone } from '@sluice/transport';
import { SkewMeter } from '@sluice/transport/testing';
import { blockOnce } from './block-loop.ts';
import { serve } from './serve.ts';

const client = new CallClient();
const meter = new SkewMeter();
const lips = syncGroup();

serve({
  /** Joins and shows the test pattern with its beeps, for `duration` seconds. */
  async speak(
    url: string,
    size: { width: number; height: number; frameRate: number },
    duration: number,
  ): Promise<void> {
    Daily.init();
    const microphone = Daily.createMicrophoneDevice('beeps', { sampleRate: 48_000 });
    const camera = Daily.createCameraDevice('pattern', { width: size.width, height: size.height });
    const inputs = {
      microphone: { isEnabled: true, settings: { deviceId: 'beeps' } },
      camera: { isEnabled: true, settings: { deviceId: 'pattern' } },
    };
    await client.join(url, { clientSettings: { inputs } });
    const bot = graph('lips');
    bot.from(fromSyncBeeps({ duration })).to(lips.master(toMicrophone(microphone)));
    bot.from(fromTestPattern({ ...size, duration })).to(lips.follow(toCamera(camera)));
    await bot.start();
  },

  /** Joins and measures whoever is there or comes. */
  async watch(url: string): Promise<void> {
    Daily.init();
    const watch = ({ participant }: { readonly participant: Participant }) =>
      meter.watch(client, participant.id, readTestPattern);
    client.on('participant-joined', watch);
    await client.join(url);
    for (const participant of Object.values(client.participants()))
      if (!participant.info.isLocal) watch({ participant });
  },

  block: blockOnce,
  skews: (fromS: number, toS: number) => meter.report(fromS, toS),
  statistics: (): SyncStatistics => lips.statistics(),
});
