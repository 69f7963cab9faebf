import { setTimeout as sleep } from 'node:timers/promises';
import { CallClient, Daily, type RoomServer, startRoomServer } from '@sluice/transport';
import { collectGarbage } from './collect-garbage.ts';
import { serve } from './serve.ts';

/** A room lets in four in a second in the long run. */
const EVERY_MS = 260;

let server: RoomServer;
let partner: CallClient;

serve({
  async open(): Promise<void> {
    server = await startRoomServer();
    Daily.init();
    Daily.createMicrophoneDevice('mic');
    partner = new CallClient();
    await partner.join(server.roomUrl('cycles'), microphone);
  },

  /** A client joins a room where somebody is, hears the first frame, leaves and is released; so many times. Milliseconds of all. */
  async cycle(times: number): Promise<number> {
    let worked = 0;
    for (let i = 0; i < times; i++) {
      const begun = performance.now();
      const client = new CallClient();
      const heard = new Promise<void>((resolve) => {
        client.setAudioRenderer(partner.participants().local.id, (_, frame) => {
          frame.close();
          resolve();
        });
      });
      await client.join(server.roomUrl('cycles'), microphone);
      await heard;
      await client.leave();
      await client.release();
      const took = performance.now() - begun;
      worked += took;
      await sleep(Math.max(0, EVERY_MS - took));
    }
    collectGarbage();
    return worked;
  },

  async close(): Promise<void> {
    await partner.release();
    await Daily.deinit();
    await server.close();
  },
});

const microphone = {
  clientSettings: { inputs: { microphone: { isEnabled: true, settings: { deviceId: 'mic' } } } },
} as const;
