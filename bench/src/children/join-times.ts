import { CallClient, Daily } from '@sluice/transport';
import { firstSound } from './first-sound.ts';
import { serve } from './serve.ts';
import { toneSlices } from './tone-slices.ts';

const slices = toneSlices(440, 20);

/** How long it took, in milliseconds from the call of `join`. */
export interface JoinTimes {
  readonly joined: number;
  readonly heard: number;
}

serve({
  /** Joins and speaks for good. */
  async speak(url: string): Promise<void> {
    Daily.init();
    const microphone = Daily.createMicrophoneDevice('tone', { sampleRate: 48_000 });
    const settings = { isEnabled: true, settings: { deviceId: 'tone' } };
    await new CallClient().join(url, { clientSettings: { inputs: { microphone: settings } } });
    const speak = async () => {
      for (let index = 0; ; index++) await microphone.writeFrames(slices[index % slices.length]!);
    };
    void speak();
  },

  /** Starts the engine, which the first call would do otherwise. */
  warmUp(): void {
    Daily.init();
    Daily.destroyDevice(Daily.createMicrophoneDevice('warm-up'));
  },

  /** A new client joins, hears the one who speaks, and is gone. */
  async join(url: string): Promise<JoinTimes> {
    await using client = new CallClient();
    const sound = firstSound();
    client.on('participant-joined', ({ participant }) => {
      client.setAudioRenderer(
        participant.id,
        (_, frame) => {
          sound.look(frame.samples);
          frame.close();
        },
        { sampleRate: 48_000, callbackIntervalMs: 10 },
      );
    });
    const start = performance.now();
    await client.join(url);
    const joined = performance.now() - start;
    return { joined, heard: (await sound.at) - start };
  },
});
