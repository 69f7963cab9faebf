// An agent of OpenAI's models: one hears, one thinks and looks at the weather, one speaks, and flite does where that fails.
import { parseArgs } from 'node:util';
import { graph } from '@sluice/core';
import { fallback } from '@sluice/core/voice';
import { type AgentEvent, silence, sustained, voiceAgent } from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';
import { openaiChat, openaiSpeech, openaiTranscription } from '@sluice/plugin-openai';
import { fvad } from '@sluice/plugin-vad-fvad';
import { CallClient, Daily, fromCall, toMicrophone } from '@sluice/transport';
import { openAiFromEnvironment } from '../openai-from-environment.ts';
import { openRoom, say } from '../room.ts';
import { SimulatedPerson } from '../simulated-person.ts';
import { lines, startLocalService } from './local-service.ts';

const options = { local: { type: 'boolean' }, simulate: { type: 'boolean' }, seconds: { type: 'string' } } as const;
const { values } = parseArgs({ options, allowPositionals: true });
await using local = values.local ? await startLocalService() : undefined;
const service = local ? { baseUrl: local.baseUrl } : openAiFromEnvironment();
await using room = await openRoom(options);
Daily.init();
const microphone = Daily.createMicrophoneDevice('agent', { sampleRate: 24_000, channels: 1 });
const client = new CallClient();
client.setUserName('Agent');

const bot = graph('agent');
const events: AgentEvent[] = [];
const agent = voiceAgent(bot, {
  hears: bot.from(fromCall(client, { sampleRate: 16_000 })),
  speaks: toMicrophone(microphone),
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
  onEvent: (event) => {
    events.push(event);
    if (event.type === 'logged') say(`${event.entry.who}: ${event.entry.text}${event.entry.interrupted ? ' -' : ''}`);
    if (event.type === 'problem') say(`problem: ${event.error.message}`);
  },
});
await agent.prefetch();
await bot.start();
await client.join(room.url, {
  clientSettings: { inputs: { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'agent' } } } },
});

if (values.simulate) {
  const person = new SimulatedPerson('person');
  await person.join(room.url);
  await person.converse(lines, events);
  await person.leave();
  process.stdout.write(`${agent.log}`);
} else {
  say(`open ${room.url} in a browser and talk to it`);
  await room.stopped;
}
agent.end();
await bot.stop();
await client.release();
await Daily.deinit();
