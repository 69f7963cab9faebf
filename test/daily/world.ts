import { CallClient, CustomAudioSource, CustomAudioTrack, Daily, type JoinOptions } from '@sluice/transport';
import { expect } from 'vitest';
import { until } from '../../packages/transport/test/until.ts';

/** A kind of room to hold the conformance against. */
export interface DailyRooms {
  /** A meeting URL that nobody used yet. */
  url(): string;
  /** A token that makes its holder an owner of any of these rooms. */
  readonly ownerToken: string;
  /** The URL that does, where no token does. */
  ownerUrl?(url: string): string;
  close(): Promise<void>;
}

/** One row's view of the world: rooms, clients and devices that are gone after it. */
export class World {
  readonly url: string;
  readonly ownerToken: string;
  readonly #ownerUrl: string;
  readonly #clients: CallClient[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #names = 0;

  constructor(rooms: DailyRooms) {
    this.url = rooms.url();
    this.ownerToken = rooms.ownerToken;
    this.#ownerUrl = rooms.ownerUrl?.(this.url) ?? this.url;
  }

  client(): CallClient {
    const client = new CallClient();
    this.#clients.push(client);
    return client;
  }

  async joined(options: JoinOptions = {}): Promise<CallClient> {
    const client = this.client();
    await client.join(this.url, options);
    return client;
  }

  async owner(options: JoinOptions = {}): Promise<CallClient> {
    const client = this.client();
    await client.join(this.#ownerUrl, { ...options, token: this.ownerToken });
    return client;
  }

  /** A name that no device of this row has. */
  name(): string {
    return `device-${++this.#names}`;
  }

  /** A custom track that sounds for as long as the row lasts. */
  tone(hz: number, sampleRate = 48_000): CustomAudioTrack {
    const source = new CustomAudioSource(sampleRate, 1);
    let written = 0;
    const write = () => {
      const samples = sine(hz, sampleRate / 10, sampleRate, written);
      written += samples.length;
      if (source.queuedDuration < 300) source.write(samples);
    };
    write();
    this.#timers.push(setInterval(write, 50));
    return new CustomAudioTrack(source);
  }

  /** Inputs that send a tone as the microphone. */
  sounding(hz = 440): JoinOptions {
    const customTrack = { id: this.tone(hz).id };
    return { clientSettings: { inputs: { microphone: { isEnabled: true, settings: { customTrack } } } } };
  }

  /** Waits until somebody hears a participant's track at this pitch. */
  async hears(listener: CallClient, participantId: string, hz: number, audioSource = 'microphone'): Promise<void> {
    let pitch = 0;
    const cancel = listener.setAudioRenderer(
      participantId,
      (_, { samples, sampleRate, channels }) => {
        pitch = crossings(samples, channels) * ((sampleRate * channels) / samples.length);
      },
      { audioSource, sampleRate: 16_000, callbackIntervalMs: 200 },
    );
    await until(() => Math.abs(pitch - hz) < hz * 0.05);
    cancel();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const client of this.#clients) await client[Symbol.asyncDispose]();
    for (const device of hasDevices() ? Daily.devices : []) Daily.destroyDevice(device.name);
  }
}

export const idOf = (client: CallClient): string => client.participants().local.id;
/** An error with a code, for `toThrow`. */
export const code = (code: string) => expect.objectContaining({ code });

export function sine(hz: number, count: number, sampleRate = 16_000, from = 0): Int16Array {
  return Int16Array.from({ length: count }, (_, n) => 10_000 * Math.sin((2 * Math.PI * hz * (from + n)) / sampleRate));
}

/** Full periods of the first channel. */
function crossings(samples: Int16Array, channels: number): number {
  let count = 0;
  for (let n = channels; n < samples.length; n += channels) if (samples[n - channels]! < 0 && samples[n]! >= 0) count++;
  return count;
}

function hasDevices(): boolean {
  try {
    return Daily.devices.length >= 0;
  } catch {
    return false;
  }
}
