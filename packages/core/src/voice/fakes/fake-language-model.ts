import { sleep } from '../../time/clock.ts';
import { defineVoiceModel } from '../define-voice-model.ts';
import type { LanguageModel, Message, ReplyRequest } from '../language-model.ts';
import { RequestLine } from '../request-line.ts';

export interface FakeLanguageModelOptions {
  /** What it says to a conversation so far. Default: the last message again. */
  readonly reply?: (messages: readonly Message[]) => string;
  /** Until the first token, in milliseconds. Default 0. */
  readonly firstTokenMs?: number;
  /** Between two tokens, in milliseconds. Default 0. */
  readonly tokenMs?: number;
}

/** A language model that says what its script says, a word a token, as late as the script says. */
export function fakeLanguageModel(options: FakeLanguageModelOptions = {}): LanguageModel<object> {
  const { reply = (messages) => messages.at(-1)?.text ?? '', firstTokenMs = 0, tokenMs = 0 } = options;
  return defineVoiceModel({
    kind: 'language-model',
    name: 'fake-language-model',
    latencyMs: firstTokenMs,
    settings: {},
    start: ({ clock, emit, signal, fail }) => {
      const line = new RequestLine<ReplyRequest>({ signal, fail }, async ({ id, epoch, messages }, cancelled) => {
        const tokens = reply(messages).match(/\S+\s*/g) ?? [];
        if (firstTokenMs > 0) await sleep(clock, firstTokenMs, cancelled);
        for (const [index, text] of tokens.entries()) {
          if (index > 0 && tokenMs > 0) await sleep(clock, tokenMs, cancelled);
          emit({ type: 'text', id, epoch, text });
        }
        emit({ type: 'finished', id, epoch });
      });
      return {
        write: (request) => line.add(request),
        flush: () => line.idle(),
        onCancel: (epoch) => line.cancel(epoch),
      };
    },
  });
}
