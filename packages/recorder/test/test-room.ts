import { randomUUID } from 'node:crypto';
import { fromTestPattern } from '@sluice/nodes';
import { CallClient, Daily, type RoomServer, type ServiceEntry, startRoomServer } from '@sluice/transport';

const sine = (hz: number) => (n: number) => 8_000 * Math.sin((2 * Math.PI * hz * n) / 16_000);

interface Device {
  writeFrames(samples: Int16Array): Promise<unknown>;
}

/** A server, an engine, and people who come and go. */
export class TestRoom {
  readonly server: RoomServer;
  readonly #clients = new Set<CallClient>();
  readonly #stops = new Set<() => void>();

  private constructor(server: RoomServer) {
    this.server = server;
  }

  static async open(): Promise<TestRoom> {
    Daily.init();
    return new TestRoom(await startRoomServer({ tokens: () => ({}) }));
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    for (const client of this.#clients) await client[Symbol.asyncDispose]();
    await Daily.deinit();
    await this.server.close();
  }

  /** As a room lets a service in; here it comes in as anybody does. */
  entry(room: string): ServiceEntry {
    return { url: this.server.roomUrl(room), token: randomUUID(), room };
  }

  client(): CallClient {
    const client = new CallClient();
    this.#clients.add(client);
    return client;
  }

  /** Writes a tone into a device without an end. */
  sing(device: Device, hz: number): void {
    const sound = sine(hz);
    let on = true;
    // Two seconds are on their way, so that no standstill of this process is heard.
    const go = async () => {
      const pieces: Promise<unknown>[] = [];
      for (let n = 0; on; n += 8_000) {
        pieces.push(device.writeFrames(Int16Array.from({ length: 8_000 }, (_, i) => sound(n + i))));
        if (pieces.length === 4) await pieces.shift();
      }
    };
    // The device may be gone before this has stopped.
    go().catch(() => {});
    this.#stops.add(() => {
      on = false;
    });
  }

  /** Somebody with a microphone, and a camera that shows the test pattern if that is asked for. */
  async enter(room: string, name: string, { hz = 0, pictures = false } = {}) {
    const client = this.client();
    client.setUserName(name);
    const microphone = Daily.createMicrophoneDevice(`mic-${name}`, { sampleRate: 16_000 });
    const inputs = { microphone: { isEnabled: true, settings: { deviceId: `mic-${name}` } } };
    const camera = pictures ? { isEnabled: true, settings: { deviceId: this.#camera(name) } } : false;
    await client.join(this.server.roomUrl(room), { clientSettings: { inputs: { ...inputs, camera } } });
    if (hz > 0) this.sing(microphone, hz);
    return { client, microphone, id: client.participants().local.id };
  }

  #camera(name: string): string {
    const size = { width: 320, height: 180 };
    const camera = Daily.createCameraDevice(`cam-${name}`, { ...size, colorFormat: 'I420' });
    const showing = fromTestPattern({ ...size, frameRate: 15, live: true }).subscribe((frame) => {
      camera.writeFrame(frame);
    });
    this.#stops.add(() => showing.unsubscribe());
    return camera.name;
  }
}
