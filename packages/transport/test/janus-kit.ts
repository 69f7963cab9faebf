import { afterEach } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { type RunningJanus, startJanus } from '../src/testing/janus/start-janus.ts';
import { createTestDevices } from './peers/test-devices.ts';

/** Janus servers and clients that end with the test that made them, the last first. */
export function janusKit() {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  return {
    closing,
    server: async (...options: Parameters<typeof startJanus>): Promise<RunningJanus> => {
      const janus = await startJanus(...options);
      closing.push(() => janus.close());
      return janus;
    },
    client: (): CallClient => {
      const devices = createTestDevices();
      const client = new CallClient({ devices });
      closing.push(async () => {
        await client.release();
        await devices.close();
      });
      return client;
    },
  };
}

/** Settings of who speaks with a microphone of the test devices, or only listens. */
export const inputs = (microphone: string | false) => ({
  clientSettings: {
    inputs: {
      camera: false,
      microphone: microphone === false ? false : { isEnabled: true, settings: { deviceId: microphone } },
    },
  },
});
