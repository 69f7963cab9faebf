// The model: options, settings, sessions; a request's way from text through a thread to events.

import { checkKeys, invalidArgument, toError } from '@sluice/core';
import { defineVoiceModel, RequestLine, type SpeechRequest, type Synthesizer, voiceError } from '@sluice/core/voice';
import { checkSettings, type EspeakSettings } from './espeak-settings.ts';
import { EspeakThread, Refusal } from './espeak-thread.ts';
import { ESPEAK_PACKAGE, findModule } from './find-module.ts';
import { tokensOf } from './tokens.ts';

/** Voice, speed and pitch of {@link espeak}. */
export interface EspeakOptions {
  /** Default `en-us`. */
  readonly voice?: string;
  /** From 0.5 to 2.5. Default 1. */
  readonly speed?: number;
  /**
   * Where espeak is: a package as this package or the working directory sees it, a path, or a `file:` URL. Default
   * `@echogarden/espeak-ng-emscripten`.
   */
  readonly module?: string;
}

const SAMPLE_RATE = 22_050;
const WORDS_A_MINUTE = 175;
/** As measured: README.md. */
const LATENCY_MS = 15;
/** Characters of a request, two minutes of speech. Whoever has more has sentences to cut it into. */
const LONGEST_TEXT = 2_000;
/** So many threads lost without a sentence between them: it will not do. */
const MOST_DEATHS = 3;

interface SettledRequest extends SpeechRequest {
  readonly settings: EspeakSettings;
}

/**
 * espeak-ng: speech in over a hundred languages and dialects, in a thread of each session's own, 22.05 kHz mono. It is under
 * GPL-3.0 and not installed with this package: `npm install @echogarden/espeak-ng-emscripten`.
 *
 * A request's samples come as they are made. Its words are what stands between white space, punctuation included, and come
 * before its end. A text without a letter, a digit or a sign is `finished` without a sound; one over 2,000 characters has
 * `failed` (`give-up`), as one in a voice that espeak does not have. A lost thread fails its request only (`retry`;
 * `fall-back` from the third in a row).
 *
 * @throws TypeError or RangeError for options that are not valid
 * @example
 * const session = await espeak({ voice: 'en-us+f2' }).open();
 * session.write({ id: 'a', epoch: 0, text: 'Good morning.' });
 * for await (const event of session) if (event.type === 'finished') break;
 * await session.close();
 */
export function espeak(options: EspeakOptions = {}): Synthesizer<EspeakSettings> {
  checkKeys<EspeakOptions>('espeak', options, { voice: true, speed: true, module: true });
  const { voice = 'en-us', speed = 1, module = ESPEAK_PACKAGE } = options;
  checkSettings({ voice, speed });
  if (typeof module !== 'string' || module === '')
    throw invalidArgument('espeak.module', 'a package, a path or a file: URL', module);

  return defineVoiceModel<'synthesizer', EspeakSettings>({
    kind: 'synthesizer',
    name: 'espeak',
    produces: { sampleRate: SAMPLE_RATE, channels: 1 },
    latencyMs: LATENCY_MS,
    words: true,
    settings: { voice, speed },
    checkSettings,
    prefetch: async () => void findModule(module),
    start: async (context) => {
      const { clock, emit } = context;
      const url = findModule(module);
      let thread = new EspeakThread(url);
      let deaths = 0;
      const queue = new RequestLine<SettledRequest>(context, answer);

      async function answer({ id, epoch, text, settings }: SettledRequest, cancelled: AbortSignal): Promise<void> {
        try {
          const tokens = tokensOf(checkedText(text));
          if (tokens.length > 0) {
            if (thread.gone) thread = new EspeakThread(url);
            const request = {
              voice: settings.voice,
              rate: Math.round(WORDS_A_MINUTE * settings.speed),
              tokens: tokens.map(({ spoken }) => spoken),
            };
            const heard = (samples: Int16Array) =>
              emit({ type: 'audio', id, epoch, samples, sampleRate: SAMPLE_RATE, channels: 1 });
            const times = await clock.track(thread.ready.then(() => thread.speak(request, heard, cancelled)));
            deaths = 0;
            for (const { token, startMs, endMs } of times)
              emit({ type: 'word', id, epoch, from: tokens[token]!.from, to: tokens[token]!.to, startMs, endMs });
          }
          emit({ type: 'finished', id, epoch });
        } catch (error) {
          cancelled.throwIfAborted();
          if (error instanceof Refusal && error.died) deaths++;
          emit({ type: 'failed', id, epoch, error: faultOf(error, deaths) });
        }
      }

      const close = () => thread.close();
      try {
        await clock.track(thread.ready);
      } catch (error) {
        throw voiceError(`it did not start: ${toError(error).message}`, {
          model: 'espeak',
          category: 'give-up',
          expected: `${ESPEAK_PACKAGE} 0.3 as module`,
          received: module,
          cause: error,
        });
      }
      return {
        write: (request) => queue.add({ ...request, settings: context.settings }),
        flush: () => queue.idle(),
        onCancel: (epoch) => queue.cancel(epoch),
        close,
      };
    },
  });
}

function checkedText(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  throw voiceError('the text is too long', {
    model: 'espeak',
    category: 'give-up',
    expected: `at most ${LONGEST_TEXT} characters`,
    received: text.length,
    fix: 'Ask for a sentence at a time',
  });
}

/** `give-up` for what espeak refuses, such as a voice that it does not have. */
function faultOf(error: unknown, deaths: number): Error {
  if (!(error instanceof Refusal)) return toError(error);
  const category = !error.died ? 'give-up' : deaths < MOST_DEATHS ? 'retry' : 'fall-back';
  return voiceError(`it did not speak: ${error.message}`, { model: 'espeak', category, cause: error });
}
