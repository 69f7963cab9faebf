// An agent of OpenAI's models: one hears, one thinks and looks at the weather, one speaks, and flite does where that fails.
import { parseArgs } from 'node:util';
import { graph } from '@sluice/core';
import { fallback } from '@sluice/core/voice';
import { silence, sustained, voiceAgent } from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';
import { openaiChat, openaiSpeech, openaiTranscription } from '@sluice/plugin-openai';
import { fvad } from '@sluice/plugin-vad-fvad';
import { fromCall, toMicrophone } from '@sluice/transport';
import { agentArguments, openAgentCall } from '../agent-call.ts';
import { openAiFromEnvironment } from '../openai-from-environment.ts';
import { say } from '../room.ts';
import { lines, startLocalService } from './local-service.ts';

const { values } = parseArgs({ options: agentArguments, allowPositionals: true });
await using local = values.local ? await startLocalService() : undefined;
const service = local ? { baseUrl: local.baseUrl } : openAiFromEnvironment();
await using call = await openAgentCall();

const bot = graph('agent');
const agent = voiceAgent(bot, {
  hears: bot.from(fromCall(call.client, { sampleRate: 16_000 })),
  speaks: toMicrophone(call.microphone),
  detector: fvad(),
  recognizer: openaiTranscription({ ...service, language: 'en' }),
  model: openaiChat({ ...service, model: 'gpt-4.1-mini' }),
  // One attempt: the voice in reserve is heard sooner than a second one.
  synthesizer: fallback(openaiSpeech({ ...service, voice: 'coral', retries: 0 }), flite({ voice: 'rms' }), {
    onSwitch: ({ from, to, error }) => say(`${from} -> ${to}${error ? `: ${error.message}` : ''}`),
  }),
  // A stretch of speech is transcribed when it is over, so whoever goes on speaking interrupts, whatever they say.
  turns: [silence(), sustained()],
  system: 'You are a friendly voice on the telephone. Answer in one or two short sentences, as they are spoken.',
  tools: {
    weather: {
      description: 'The weather in a city, now.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      run: ({ city }) => {
        say(`the weather in ${city} was asked for`);
        return 'seven degrees and rain';
      },
    },
  },
  apology: 'I am sorry, I cannot think of an answer. Please say that again.',
  onEvent: call.onEvent,
});
await call.talk(bot, agent, values.simulate ? lines : undefined);
