// The model: options, settings, sessions; a request's way from text through a process to events.

import { checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import { defineVoiceModel, RequestLine, type Synthesizer } from '@sluice/core/voice';
import { checkSettings, type FliteSettings, type FliteVoice } from './flite-settings.ts';
import type { SpeakMessage, Speech } from './messages.ts';
import { ChildPool } from './pool/child-pool.ts';
import { SAMPLE_RATE, type SettledRequest, Speaker } from './speaker.ts';
import { SpeechCache } from './speech-cache.ts';

/** Voice, speed and number of processes of {@link flite}. */
export interface FliteOptions {
  /** Default `slt`. */
  readonly voice?: FliteVoice;
  /** From 0.5 to 2. Default 1. */
  readonly speed?: number;
  /** Processes at most, of 150 MB each, from 1 to 16. One is warm while a session is open. Default 2. */
  readonly children?: number;
  /** How long a process that is not needed is kept, in milliseconds. Default 30,000. */
  readonly idleMs?: number;
  /** Sentences that were spoken are kept, in bytes; 0 keeps none. A minute takes 1.9 MB. Default 4,000,000. */
  readonly cacheBytes?: number;
}

/** As measured: README.md. */
const LATENCY_MS = 50;

/**
 * flite: English speech from text without a download, in processes of its own, 16 kHz mono.
 *
 * A request is a sentence or a few; longer text is cut. Its words are what stands between white space, punctuation
 * included, and their times are flite's own. What is no English letter, digit or spoken sign is left out; a text that has
 * letters and none of these has `failed` (`fall-back`), one without letters is `finished` without a sound. A process that
 * dies fails its request only (`retry`; `fall-back` from the third in a row).
 *
 * @throws TypeError or RangeError for options that are not valid
 * @example
 * const session = await flite({ voice: 'slt' }).open();
 * session.write({ id: 'a', epoch: 0, text: 'Good morning.' });
 * for await (const event of session) if (event.type === 'finished') break;
 * await session.close();
 */
export function flite(options: FliteOptions = {}): Synthesizer<FliteSettings> {
  checkKeys<FliteOptions>('flite', options, {
    voice: true,
    speed: true,
    children: true,
    idleMs: true,
    cacheBytes: true,
  });
  const { voice = 'slt', speed = 1, children = 2, idleMs = 30_000, cacheBytes = 4_000_000 } = options;
  checkSettings({ voice, speed });
  checkInteger('flite.children', children, 1, 16);
  checkInteger('flite.idleMs', idleMs, 0, 2 ** 31 - 1);
  checkInteger('flite.cacheBytes', cacheBytes, 0, Number.MAX_SAFE_INTEGER);
  const pool = new ChildPool({ children, idleMs });
  const cache = new SpeechCache(cacheBytes);

  async function synthesize(request: Omit<SpeakMessage, 'id'>, signal: AbortSignal): Promise<Speech> {
    const key = JSON.stringify(request);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const speech = await pool.speak(request, signal);
    cache.set(key, speech);
    return speech;
  }

  return defineVoiceModel<'synthesizer', FliteSettings>({
    kind: 'synthesizer',
    name: 'flite',
    produces: { sampleRate: SAMPLE_RATE, channels: 1 },
    latencyMs: LATENCY_MS,
    words: true,
    settings: { voice, speed },
    checkSettings,
    prefetch: ({ signal } = {}) => withSignal(pool.warm(), signal),
    start: async (context) => {
      const release = pool.hold();
      const { clock, emit, signal } = context;
      const speaker = new Speaker({ clock, emit, synthesize });
      const queue = new RequestLine<SettledRequest>(context, (request, cancelled) =>
        speaker.answer(request, cancelled),
      );
      try {
        await clock.track(withSignal(pool.warm(), signal));
      } catch (error) {
        await release();
        throw error;
      }
      return {
        write: (request) => queue.add({ ...request, settings: context.settings }),
        flush: () => queue.idle(),
        onCancel: (epoch) => queue.cancel(epoch),
        close: release,
      };
    },
  });
}

function checkInteger(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value)) throw invalidArgument(name, 'a whole number', value);
  if (value < least || value > most) throw outOfRange(name, `${least} to ${most}`, value);
}

/** The same, rejecting with the signal's reason when it aborts first. */
function withSignal<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
