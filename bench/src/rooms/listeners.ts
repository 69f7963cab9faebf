import { CallClient, CustomAudioSource, CustomAudioTrack } from '@sluice/transport';
import { speakSlices } from '../children/speak-slices.ts';
import { toneSlices } from '../children/tone-slices.ts';

const SOUND = 1_500;
const slices = toneSlices(440, 10);

/** Somebody who speaks, and clients that hear it while their signalling breaks. */
export class Listeners {
  readonly #clients: readonly CallClient[];
  readonly #close: () => Promise<void>;
  #silent = 0;

  private constructor(clients: readonly CallClient[], close: () => Promise<void>) {
    this.#clients = clients;
    this.#close = close;
  }

  /** @param url of the speaker; the others join by `listenUrl`. */
  static async join(url: string, listenUrl: string, count: number): Promise<Listeners> {
    const speaker = new CallClient();
    const source = new CustomAudioSource(48_000, 1);
    const microphone = { isEnabled: true, settings: { customTrack: { id: new CustomAudioTrack(source).id } } };
    await speaker.join(url, { clientSettings: { inputs: { microphone } } });
    const stop = speakSlices([{ write: (samples) => void source.write(samples) }], slices);
    const clients = Array.from({ length: count }, () => new CallClient());
    const listeners = new Listeners(clients, async () => {
      stop();
      await Promise.all([speaker, ...clients].map((client) => client.release()));
      source.close();
    });
    await Promise.all(clients.map((client) => listeners.#listen(client, listenUrl, speaker.participants().local.id)));
    return listeners;
  }

  /** Milliseconds of silence that all of them heard together since they heard the first sound. */
  get lostMs(): number {
    return this.#silent;
  }

  /** When the signalling of each is back, on `performance.now()`. */
  connected(): Promise<number[]> {
    return Promise.all(
      this.#clients.map(
        (client) =>
          new Promise<number>((resolve) => {
            const cancel = client.on('network-connection', (change) => {
              if (change.kind !== 'signalling' || change.state !== 'connected') return;
              cancel();
              resolve(performance.now());
            });
          }),
      ),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }

  async #listen(client: CallClient, url: string, speakerId: string): Promise<void> {
    let sounding = 0;
    let heard: () => void = () => {};
    const settled = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const look = (_: string, frame: { readonly samples: Int16Array; readonly gap?: unknown }) => {
      const loud = frame.samples.some((sample) => Math.abs(sample) > SOUND);
      if (loud && ++sounding === 50) heard();
      // Until the jitter buffer has settled there are quiet pieces.
      if (!loud && sounding >= 50) this.#silent += 10;
    };
    client.setAudioRenderer(speakerId, look, { sampleRate: 48_000, callbackIntervalMs: 10 });
    await client.join(url);
    await settled;
  }
}
