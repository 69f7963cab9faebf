// A service on this machine that speaks as OpenAI's Realtime models do: it hears a few sentences, finds the ends of turns, answers.
import { type RealtimeItem, startOpenAiServer } from '@sluice/plugin-openai/testing';
import { localModels } from '../local-models.ts';
import type { Line } from '../simulated-person.ts';

const answers: Readonly<Record<string, string>> = {
  hello: 'Hello. What can I do for you?',
  'tell me a story':
    'Once upon a time there was a sluice. Water came, and water went. One day a boat came that was too large. ' +
    'The sluice thought about it for a long time. Then it said that two boats can go where one cannot.',
  'thank you': 'You are welcome.',
};

/** It answers all of that, and is interrupted in its story. */
export const lines: readonly Line[] = [
  { say: 'hello' },
  { say: 'tell me a story', interruptAfterMs: 1_500 },
  { say: 'thank you' },
];

export async function startLocalService() {
  const { ears, voice } = await localModels(Object.keys(answers), 'awb');
  const server = await startOpenAiServer({ realtime: { hears: ears, reply: answerTo, voice } });
  return {
    baseUrl: server.baseUrl,
    /** What it left out of what it had said, because nobody heard it. */
    truncated: () => server.realtime.flatMap(({ truncated }) => truncated),
    [Symbol.asyncDispose]: async () => void (await Promise.all([server.close(), ears.close()])),
  };
}

function answerTo(items: readonly RealtimeItem[]): string {
  const said = items.findLast(({ role }) => role === 'user')?.text ?? '';
  return answers[said] ?? 'I beg your pardon?';
}
