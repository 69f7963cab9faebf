// A service on this machine that speaks as OpenAI does: it hears a few sentences, and has a voice that fails once.
import { type ChatReply, type ChatRequest, startOpenAiServer } from '@sluice/plugin-openai/testing';
import { localModels } from '../local-models.ts';
import type { Line } from '../simulated-person.ts';

const answers: Readonly<Record<string, ChatReply>> = {
  hello: 'Hello. What can I do for you?',
  'what is the weather in oslo': { text: 'One moment.', calls: [{ name: 'weather', arguments: { city: 'Oslo' } }] },
  'tell me a story':
    'Once upon a time there was a sluice. Water came, and water went. One day a boat came that was too large. ' +
    'The sluice thought about it for a long time. Then it said that two boats can go where one cannot.',
  'thank you': 'You are welcome.',
};

/** It answers all of that, is interrupted in its story, and loses its voice for the last word. */
export const lines: readonly Line[] = [
  { say: 'what is the weather in oslo' },
  { say: 'tell me a story', interruptAfterMs: 1_500 },
  { say: 'thank you' },
];

export async function startLocalService() {
  const { ears, voice } = await localModels(Object.keys(answers), 'awb');
  const server = await startOpenAiServer({
    transcribe: ears,
    reply: answerTo,
    speak: ({ input }) => {
      if (input.startsWith('You are welcome')) throw new Error('the voice is hoarse');
      return voice(input);
    },
  });
  const close = async () => void (await Promise.all([server.close(), ears.close()]));
  return { baseUrl: server.baseUrl, [Symbol.asyncDispose]: close };
}

function answerTo({ messages }: ChatRequest): ChatReply {
  const last = messages.at(-1)!;
  if (last.role === 'tool') return `In Oslo it has ${last.content}.`;
  return answers[String(last.content)] ?? 'I beg your pardon?';
}
