import { CallClient } from '../../src/call/call-client.ts';
import type { IceConfig } from '../../src/call/ice-config.ts';
import { installCandidateFilter } from '../../src/room/media-path.ts';
import { until } from '../until.ts';
import { createTestDevices, type TestDevices } from './test-devices.ts';

const RATE = 48_000;
const WINDOW = 9_600;

/** One who plays a tone in a room. */
export interface ToneSide {
  readonly client: CallClient;
  readonly id: string;
  /** Candidates that left. */
  readonly candidates: string[];
  /** What was told, in its order: codes of errors, and `heard` once. */
  readonly told: string[];
  readonly messages: string[];
  /** Of its connections, `media interrupted` for example. */
  readonly states: string[];
  /** The newest 200 ms of whom it listens to. */
  readonly heard: number[];
}

/** Clients that play tones and hear those of the others, for what is between them. */
export class ToneSides {
  readonly #devices: TestDevices[] = [];
  readonly #clients: CallClient[] = [];

  /** In the room, playing a tone. */
  async enter(url: string, tone: number, ice: IceConfig | null): Promise<ToneSide> {
    const devices = createTestDevices();
    this.#devices.push(devices);
    const client = new CallClient({ devices });
    this.#clients.push(client);
    const side: ToneSide = { client, id: '', candidates: [], told: [], messages: [], states: [], heard: [] };
    installCandidateFilter(client, ({ candidate, direction }) => {
      if (direction === 'outgoing') side.candidates.push(candidate.candidate);
      return candidate;
    });
    client.on('error', ({ error, message }) => {
      side.told.push(error.code);
      side.messages.push(message);
    });
    client.on('network-connection', ({ kind, state }) => side.states.push(`${kind} ${state}`));
    await client.setIceConfig(ice);
    const inputs = { microphone: { isEnabled: true, settings: { deviceId: `tone-${tone}` } } };
    await client.join(url, { clientSettings: { inputs } });
    return Object.assign(side, { id: client.participants().local.id });
  }

  /** Ada plays 440 Hz, Grace 1 kHz, and each listens to the other. */
  async meet(url: string, ice: IceConfig | null): Promise<{ readonly ada: ToneSide; readonly grace: ToneSide }> {
    const ada = await this.enter(url, 440, ice);
    const grace = await this.enter(url, 1_000, ice);
    await listen(ada, grace);
    await listen(grace, ada);
    return { ada, grace };
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client[Symbol.asyncDispose]();
    for (const devices of this.#devices) await devices.close();
  }
}

/** Types of the candidates that left. */
export function kindsOf(...sides: readonly ToneSide[]): Set<string> {
  return new Set(sides.flatMap(({ candidates }) => candidates.map((line) => / typ (\w+)/.exec(line)?.[1] ?? '')));
}

async function listen(side: ToneSide, other: ToneSide): Promise<void> {
  await side.client.setAudioRenderer(
    other.id,
    (_, { samples }) => {
      const int16 = samples as Int16Array;
      if (!side.told.includes('heard') && int16.some((sample) => Math.abs(sample) > 1_000)) side.told.push('heard');
      side.heard.push(...int16);
      side.heard.splice(0, side.heard.length - WINDOW);
    },
    { sampleRate: RATE },
  );
}

/** Waits until it hears the tone, from now on. */
export function hears(side: ToneSide, hz: number, limitMs?: number): Promise<void> {
  side.heard.length = 0;
  return until(() => side.heard.length === WINDOW && toneDb(side.heard, hz) > 20, limitMs);
}

/** Power of a tone against all the rest, in decibels. */
function toneDb(samples: readonly number[], hz: number): number {
  let [re, im, power] = [0, 0, 0];
  samples.forEach((sample, at) => {
    re += sample * Math.cos((2 * Math.PI * hz * at) / RATE);
    im += sample * Math.sin((2 * Math.PI * hz * at) / RATE);
    power += sample * sample;
  });
  const tone = (2 * (re * re + im * im)) / samples.length;
  return 10 * Math.log10(tone / Math.max(power - tone, 1));
}
