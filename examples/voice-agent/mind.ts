import { defineVoiceModel, type LanguageModel } from '@sluice/core/voice';
import { answerTo } from './answers.ts';

/** A language model of a few rules: it answers word by word, asks for tools, and knows only what was heard. */
export function mind(): LanguageModel<object> {
  return defineVoiceModel({
    kind: 'language-model',
    name: 'mind',
    latencyMs: 0,
    settings: {},
    start: ({ emit }) => ({
      write({ id, epoch, messages }) {
        const answer = answerTo(messages);
        const isDone = messages.at(-1)?.role === 'tool';
        if ('tool' in answer && !isDone)
          emit({ type: 'tool-call', id, epoch, callId: id, name: answer.tool, arguments: answer.arguments });
        else {
          const text = 'say' in answer ? answer.say : answer.afterwards;
          for (const token of text.match(/\S+\s*/g) ?? []) emit({ type: 'text', id, epoch, text: token });
        }
        emit({ type: 'finished', id, epoch });
      },
    }),
  });
}
