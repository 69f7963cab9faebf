import { graph } from '@sluice/core';
import { type BotContext, connectNats, startWorker } from '@sluice/fleet';
import { fromTone } from '@sluice/nodes';
import { CallClient, Daily, toMicrophone } from '@sluice/transport';
import { serve } from './serve.ts';

const sampleRate = 48_000;

/** A worker whose bots speak a tone in a real room. */
serve({
  start: async (servers: string, room: string) => {
    Daily.init();
    const nats = await connectNats({ servers, tenant: 'rooms' });
    const speaker = async ({ lease }: BotContext) => {
      const deviceId = `speaker-${lease.revision}`;
      const microphone = Daily.createMicrophoneDevice(deviceId, { sampleRate });
      const client = new CallClient();
      const inputs = { microphone: { isEnabled: true, settings: { deviceId } } };
      await client.join(room, { lease, clientSettings: { inputs } });
      const voice = graph(deviceId);
      voice.from(fromTone({ frequency: 440, sampleRate, live: true })).to(toMicrophone(microphone));
      return {
        run: () => voice.run(),
        stop: async () => {
          voice.abort();
          await client.release();
        },
      };
    };
    const limits = { lagMs: 10_000, cpu: 10, memoryMb: 100_000 };
    return (await startWorker({ nats, limits, factories: { speaker } })).id;
  },
});
