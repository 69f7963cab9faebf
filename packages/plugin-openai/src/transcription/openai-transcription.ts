// Speech to text by POST /audio/transcriptions: a request for each stretch of speech. No reply and no speech.

import { type AudioFrame, checkKeys, invalidArgument, type Micros, outOfRange } from '@sluice/core';
import { defineVoiceModel, type Recognizer, RequestLine } from '@sluice/core/voice';
import { serviceError } from '@sluice/service';
import { openAiAccess } from '../access/open-ai-access.ts';
import { checkOpenAiOptions, type OpenAiOptions, openAiKeys } from '../access/open-ai-options.ts';
import { type HeardStretch, Stretch } from './stretch.ts';
import { transcribeStretch } from './transcribe-stretch.ts';
import { checkTranscriptionSettings, type OpenAiTranscriptionSettings } from './transcription-settings.ts';

/** Model and language of {@link openaiTranscription}, and how its service is reached. */
export interface OpenAiTranscriptionOptions extends OpenAiOptions, Partial<OpenAiTranscriptionSettings> {
  /** Whether words have times: `whisper-1` knows them, other models do not, and then nothing is told early. Default false. */
  readonly words?: boolean;
  /** Mean level of 10 ms above which something is sent at all, in dBFS, -90 to 0. Default -50. */
  readonly thresholdDb?: number;
  /** A stretch that is longer is sent as it is, in milliseconds, 1,000 to 300,000. Default 60,000. */
  readonly mostStretchMs?: number;
  /** How long after the last voiced sample the final comes, in milliseconds: of your network and model. Default 700. */
  readonly latencyMs?: number;
}

interface Sent {
  readonly id: string;
  readonly epoch: 0;
  readonly stretch: HeardStretch;
  readonly settings: OpenAiTranscriptionSettings;
}

/** Stretches that may wait for the service: more is a service that is slower than speech. */
const MOST_WAITING = 8;
const RATES = [16_000, 24_000];
const name = 'openai-transcription';

/**
 * A recogniser behind POST /audio/transcriptions: what was said until `flush`, a hole in the timestamps, or for too long is
 * sent as a WAV file; where the service streams, the text is told as it comes. Nothing is sent of what is quiet.
 *
 * @example
 * const recognizer = openaiTranscription({ apiKey: { env: 'OPENAI_API_KEY' }, language: 'en' });
 * @throws TypeError, RangeError for options that are not valid
 */
export function openaiTranscription(options: OpenAiTranscriptionOptions = {}): Recognizer<OpenAiTranscriptionSettings> {
  checkKeys<OpenAiTranscriptionOptions>('openaiTranscription', options, {
    ...openAiKeys,
    model: true,
    language: true,
    prompt: true,
    words: true,
    thresholdDb: true,
    mostStretchMs: true,
    latencyMs: true,
  });
  checkOpenAiOptions('openaiTranscription', options);
  const { words = false, thresholdDb = -50, mostStretchMs = 60_000, latencyMs = 700 } = options;
  const { model = words ? 'whisper-1' : 'gpt-4o-mini-transcribe', language, prompt } = options;
  if (typeof words !== 'boolean') throw invalidArgument('openaiTranscription.words', 'true or false', words);
  if (!(thresholdDb >= -90 && thresholdDb <= 0))
    throw outOfRange('openaiTranscription.thresholdDb', '-90 to 0', thresholdDb);
  if (!(mostStretchMs >= 1_000 && mostStretchMs <= 300_000))
    throw outOfRange('openaiTranscription.mostStretchMs', '1,000 to 300,000', mostStretchMs);
  if (!(latencyMs >= 0)) throw outOfRange('openaiTranscription.latencyMs', 'milliseconds from 0', latencyMs);
  const settings: OpenAiTranscriptionSettings = { model, language, prompt };
  checkTranscriptionSettings(settings);

  return defineVoiceModel<'recognizer', OpenAiTranscriptionSettings>({
    kind: 'recognizer',
    name,
    accepts: { sampleRates: RATES, channels: [1] },
    latencyMs,
    words,
    settings,
    checkSettings: checkTranscriptionSettings,
    async start(context) {
      const access = await openAiAccess(name, options, context.secrets);
      const { clock, emit } = context;
      const fault = (category: 'give-up' | 'wait', message: string) =>
        serviceError({ ...access.identity, category, message });
      let current: Stretch | undefined;
      let count = 0;
      let waiting = 0;
      const line = new RequestLine<Sent>(context, async ({ stretch, settings }, signal) => {
        const { loud, start } = stretch;
        if (loud === undefined) emit({ type: 'final', text: '', words: [], start, end: endOf(stretch) });
        else {
          const request = { access, options, settings, words, emit };
          await transcribeStretch({ clock, signal }, { ...stretch, loud }, request);
        }
        waiting--;
      });
      /** Sends what was heard. Quiet is told of only where somebody asked. */
      const end = (asked: boolean) => {
        const stretch = current?.heard();
        current = undefined;
        if (stretch === undefined || (stretch.loud === undefined && !asked)) return;
        if (++waiting > MOST_WAITING) throw fault('wait', `it is slower than speech: ${waiting} stretches wait`);
        line.add({ id: String(++count), epoch: 0, stretch, settings: context.settings });
      };
      return {
        write(frame: AudioFrame) {
          if (!RATES.includes(frame.sampleRate) || frame.channels !== 1)
            throw fault(
              'give-up',
              `it takes 16 or 24 kHz mono, not ${frame.sampleRate} Hz, ${frame.channels} channels`,
            );
          if (current !== undefined && (current.keptMs >= mostStretchMs || !current.continuedBy(frame))) end(false);
          current ??= new Stretch(frame, thresholdDb);
          current.add(frame);
        },
        flush() {
          end(true);
          return line.idle();
        },
      };
    },
  });
}

function endOf({ origin, samples, sampleRate }: HeardStretch): Micros {
  return (origin + Math.round((samples.length * 1_000_000) / sampleRate)) as Micros;
}
