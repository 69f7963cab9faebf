// A service on this machine that speaks as OpenAI does: it hears and translates a few sentences of two languages.
import { type ChatRequest, startOpenAiServer } from '@sluice/plugin-openai/testing';
import { localModels } from '../local-models.ts';

const spanish: Readonly<Record<string, string>> = {
  'good morning my friend': 'Buenos dias amigo.',
  'see you later': 'Hasta la vista.',
};
const english: Readonly<Record<string, string>> = {
  'buenos dias senor': 'Good morning, sir.',
  'como esta': 'How are you?',
};

export async function startLocalService() {
  const [en, es] = await Promise.all([
    localModels(Object.keys(spanish), 'awb'),
    localModels(Object.keys(english), 'awb'),
  ]);
  const server = await startOpenAiServer({
    transcribe: ({ fields, ...sound }) => (fields.language === 'es' ? es : en).ears(sound),
    reply: translationOf,
    speak: ({ input }) => en.voice(input),
  });
  const close = async () => void (await Promise.all([server.close(), en.ears.close(), es.ears.close()]));
  return { baseUrl: server.baseUrl, [Symbol.asyncDispose]: close };
}

function translationOf({ messages }: ChatRequest): string {
  const said = String(messages.at(-1)!.content);
  return spanish[said] ?? english[said] ?? said;
}
