import { defineVoiceModel, type LanguageModel } from '@sluice/core/voice';
import { answerTo } from './answers.ts';

/** A language model of a few rules. Put one of a service in its place: openaiChat of @sluice/plugin-openai. */
export function mind(): LanguageModel<object> {
  return defineVoiceModel({
    kind: 'language-model',
    name: 'mind',
    latencyMs: 0,
    settings: {},
    start: ({ emit }) => ({
      write({ id, epoch, messages }) {
        for (const text of answerTo(messages).match(/\S+\s*/g) ?? []) emit({ type: 'text', id, epoch, text });
        emit({ type: 'finished', id, epoch });
      },
    }),
  });
}
