// Replies by Chat Completions, word by word, with tools. No transcription and no speech.

import { checkKeys, invalidArgument } from '@sluice/core';
import { defineVoiceModel, type LanguageModel, type ReplyRequest, RequestLine } from '@sluice/core/voice';
import { openAiAccess } from '../access/open-ai-access.ts';
import { checkOpenAiOptions, type OpenAiOptions, openAiKeys } from '../access/open-ai-options.ts';
import { toldFailure } from '../access/told-failure.ts';
import { checkChatSettings, type OpenAiChatSettings } from './chat-settings.ts';
import { type ChatUsage, streamReply } from './stream-reply.ts';

/** Model and bounds of {@link openaiChat}, and how its service is reached. */
export interface OpenAiChatOptions extends OpenAiOptions, Partial<Omit<OpenAiChatSettings, 'model'>> {
  /** The model at the service: `gpt-4.1-mini`. May change while it runs. */
  readonly model: string;
  /** Whether the service is asked for the tokens of each reply: some refuse that. Default true. */
  readonly usage?: boolean;
  /** Told the tokens of each reply. */
  readonly onUsage?: (usage: ChatUsage) => void;
}

/** With the settings that held when it was written. */
type Asked = ReplyRequest & { readonly settings: OpenAiChatSettings };

/**
 * A language model behind Chat Completions: OpenAI's, or that of any service that speaks as it does (llama.cpp, vLLM and
 * others, by `baseUrl`). A reply that is cancelled ends the request, so that the service stops as well. Faults of one
 * request are its `failed`, with what helps.
 *
 * @example
 * const model = openaiChat({ model: 'gpt-4.1-mini', apiKey: { env: 'OPENAI_API_KEY' } });
 * @throws TypeError, RangeError for options that are not valid
 */
export function openaiChat(options: OpenAiChatOptions): LanguageModel<OpenAiChatSettings> {
  checkKeys<OpenAiChatOptions>('openaiChat', options, {
    ...openAiKeys,
    model: true,
    temperature: true,
    maxTokens: true,
    body: true,
    usage: true,
    onUsage: true,
  });
  checkOpenAiOptions('openaiChat', options);
  const { model, temperature, maxTokens, body = {}, usage = true, onUsage = () => {} } = options;
  if (typeof usage !== 'boolean') throw invalidArgument('openaiChat.usage', 'true or false', usage);
  if (typeof onUsage !== 'function') throw invalidArgument('openaiChat.onUsage', 'a function', onUsage);
  const settings: OpenAiChatSettings = { model, temperature, maxTokens, body };
  checkChatSettings(settings);

  return defineVoiceModel<'language-model', OpenAiChatSettings>({
    kind: 'language-model',
    name: 'openai-chat',
    // Of the network and the model behind it, not measured here.
    latencyMs: 500,
    settings,
    checkSettings: checkChatSettings,
    async start(context) {
      const access = await openAiAccess('openai-chat', options, context.secrets);
      const { clock, emit } = context;
      const line = new RequestLine<Asked>(context, async (request, signal) => {
        const { id, epoch, settings } = request;
        try {
          await streamReply({ clock, signal }, request, { access, options, settings, emit });
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
