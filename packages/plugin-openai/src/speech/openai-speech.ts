// Text to speech by POST /audio/speech, as it is made. No reply and no transcription.

import { checkKeys } from '@sluice/core';
import { defineVoiceModel, RequestLine, type SpeechRequest, type Synthesizer } from '@sluice/core/voice';
import { openAiAccess } from '../access/open-ai-access.ts';
import { checkOpenAiOptions, type OpenAiOptions, openAiKeys } from '../access/open-ai-options.ts';
import { toldFailure } from '../access/told-failure.ts';
import { checkSpeechSettings, type OpenAiSpeechSettings } from './speech-settings.ts';
import { SPEECH_RATE, streamSpeech } from './stream-speech.ts';

/** Model and voice of {@link openaiSpeech}, and how its service is reached. */
export interface OpenAiSpeechOptions extends OpenAiOptions, Partial<OpenAiSpeechSettings> {}

/** With the settings that held when it was written. */
type Asked = SpeechRequest & { readonly settings: OpenAiSpeechSettings };

/**
 * A synthesizer behind POST /audio/speech: 24 kHz mono, told as it comes. Words have no times. A request that is cancelled
 * ends its connection; faults of one request are its `failed`, with what helps.
 *
 * @example
 * const synthesizer = openaiSpeech({ apiKey: { env: 'OPENAI_API_KEY' }, voice: 'coral' });
 * @throws TypeError, RangeError for options that are not valid
 */
export function openaiSpeech(options: OpenAiSpeechOptions = {}): Synthesizer<OpenAiSpeechSettings> {
  checkKeys<OpenAiSpeechOptions>('openaiSpeech', options, {
    ...openAiKeys,
    model: true,
    voice: true,
    speed: true,
    instructions: true,
  });
  checkOpenAiOptions('openaiSpeech', options);
  const { model = 'gpt-4o-mini-tts', voice = 'alloy', speed, instructions } = options;
  const settings: OpenAiSpeechSettings = { model, voice, speed, instructions };
  checkSpeechSettings(settings);

  return defineVoiceModel<'synthesizer', OpenAiSpeechSettings>({
    kind: 'synthesizer',
    name: 'openai-speech',
    produces: { sampleRate: SPEECH_RATE, channels: 1 },
    // Of the network and the model behind it, not measured here.
    latencyMs: 500,
    words: false,
    settings,
    checkSettings: checkSpeechSettings,
    async start(context) {
      const access = await openAiAccess('openai-speech', options, context.secrets);
      const { clock, emit } = context;
      const line = new RequestLine<Asked>(context, async (request, signal) => {
        const { id, epoch, text, settings } = request;
        try {
          const stream = { access, options, settings, emit };
          if (text.trim() !== '') await streamSpeech({ clock, signal }, request, stream);
          emit({ type: 'finished', id, epoch });
        } catch (reason) {
          if (!signal.aborted) emit({ type: 'failed', id, epoch, error: toldFailure(access, reason) });
        }
      });
      return {
        write: (request) => line.add({ ...request, settings: context.settings }),
        flush: () => line.idle(),
        onCancel: (epoch) => line.cancel(epoch),
      };
    },
  });
}
