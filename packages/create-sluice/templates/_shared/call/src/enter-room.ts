// A room to be in: the one whose URL is the first argument, or else one of its own on this machine.
import { CallClient, Daily, type PlayoutSink, startRoomServer, toMicrophone } from '@sluice/transport';

/** A call that somebody is in. */
export interface Entered {
  readonly client: CallClient;
  /** What is heard in the room. */
  readonly speaks: PlayoutSink;
  /** True as soon as somebody else is in the room; false at Ctrl-C. */
  readonly company: Promise<boolean>;
  /** Resolves at Ctrl-C. */
  readonly stopped: Promise<void>;
  close(): Promise<void>;
}

/** Goes into the room under a name, with a microphone and without a camera. */
export async function enterRoom(name: string): Promise<Entered> {
  const given = process.argv[2];
  const server = given === undefined ? await startRoomServer() : undefined;
  const url = given ?? server!.roomUrl('hello');
  Daily.init();
  const microphone = Daily.createMicrophoneDevice(name, { sampleRate: 48_000, channels: 1 });
  const client = new CallClient();
  client.setUserName(name);
  const inputs = { camera: false, microphone: { isEnabled: true, settings: { deviceId: name } } } as const;
  await client.join(url, { clientSettings: { inputs } });
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const met = new Promise<void>((resolve) => {
    if (client.participantCounts().present > 1) resolve();
    else client.once('participant-joined', () => resolve());
  });
  console.log(`${name} is in ${url}: open it in a browser; Ctrl-C ends it`);
  return {
    client,
    speaks: toMicrophone(microphone),
    company: Promise.race([met.then(() => true), stopped.then(() => false)]),
    stopped,
    async close() {
      await client.release();
      await Daily.deinit();
      await server?.close();
    },
  };
}
