// The complete bot: devices, call, audio and cleanup in one class; Ctrl-C ends it in order.
import { setTimeout as sleep } from 'node:timers/promises';
import { fromWavFile, toFrames } from '@sluice/nodes';
import { CallClient, Daily, type VirtualMicrophoneDevice } from '@sluice/transport';
import { asset, openRoom, say } from '../room.ts';

class AudioBot {
  readonly #microphone: VirtualMicrophoneDevice;
  readonly #client = new CallClient();
  readonly #file: string;
  #quit = false;

  constructor(file: string) {
    this.#microphone = Daily.createMicrophoneDevice('my-mic', { sampleRate: 16_000, channels: 1 });
    this.#file = file;
  }

  async run(url: string): Promise<void> {
    const microphone = { isEnabled: true, settings: { deviceId: 'my-mic' } };
    await this.#client.join(url, { clientSettings: { inputs: { camera: false, microphone } } });
    say('the bot is in the room');
    await room.company(this.#client);
    await this.#sendAudio();
  }

  async cleanup(): Promise<void> {
    this.#quit = true;
    await this.#client.leave();
    await this.#client.release();
    await Daily.deinit();
  }

  /** Writes 100 ms at a time; a write waits while enough is queued, so that nothing else has to keep the time. */
  async #sendAudio(): Promise<void> {
    const frames = toFrames();
    fromWavFile(this.#file, { frameMs: 100, end: room.seconds }).subscribe(frames);
    for await (const frame of frames) {
      if (this.#quit) return;
      await this.#microphone.writeFrames(frame.samples);
      frame.close();
    }
    while (this.#microphone.queuedDuration > 0) await sleep(20);
  }
}

await using room = await openRoom();
Daily.init();
const bot = new AudioBot(room.file(asset('greeting.wav')));
try {
  await Promise.race([bot.run(room.url), room.stopped]);
} finally {
  await bot.cleanup();
}
