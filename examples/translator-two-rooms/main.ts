// An interpreter between two rooms: what is said in the one is heard in the other in its language, both ways at once.
import { parseArgs } from 'node:util';
import { graph } from '@sluice/core';
import { openaiChat, openaiSpeech, openaiTranscription } from '@sluice/plugin-openai';
import { CallClient, Daily, fromCall, startRoomServer, toMicrophone } from '@sluice/transport';
import { openAiFromEnvironment } from '../openai-from-environment.ts';
import { openRoom, say } from '../room.ts';
import { interpret } from './interpret.ts';
import { startLocalService } from './local-service.ts';

const options = { local: { type: 'boolean' }, seconds: { type: 'string' } } as const;
const { values } = parseArgs({ options, allowPositionals: true });
await using local = values.local ? await startLocalService() : undefined;
const service = local ? { baseUrl: local.baseUrl } : openAiFromEnvironment();
await using room = await openRoom(options);
await using server = await startRoomServer();
Daily.init();

const bot = graph('interpreter');
const [english, spanish] = await Promise.all([
  enter(room.url, { language: 'en', name: 'English' }),
  enter(server.roomUrl('other-side'), { language: 'es', name: 'Spanish' }),
]);
const over = await Promise.all([direction(english, spanish), direction(spanish, english)]);
await bot.start();
say(`interpreting between ${english.url} (English) and ${spanish.url} (Spanish)`);
await room.stopped;
await Promise.all(over.map((end) => end()));
await bot.stop();
await Promise.all([english, spanish].map(({ client }) => client.release()));
await Daily.deinit();

interface Side {
  readonly client: CallClient;
  readonly microphone: ReturnType<typeof Daily.createMicrophoneDevice>;
  readonly url: string;
  readonly language: string;
  readonly name: string;
}

async function enter(url: string, { language, name }: Pick<Side, 'language' | 'name'>): Promise<Side> {
  const microphone = Daily.createMicrophoneDevice(name, { sampleRate: 24_000, channels: 1 });
  const client = new CallClient();
  const inputs = { camera: false, microphone: { isEnabled: true, settings: { deviceId: name } } };
  await client.join(url, { userName: 'Interpreter', clientSettings: { inputs } });
  return { client, microphone, url, language, name };
}

/** Hears the people of one room, which its own voice there is not among, and speaks in the other. */
function direction(from: Side, to: Side): Promise<() => Promise<void>> {
  return interpret(bot, {
    hears: bot.from(fromCall(from.client, { sampleRate: 16_000 })),
    speaks: toMicrophone(to.microphone),
    from: from.name,
    to: to.name,
    recognizer: openaiTranscription({ ...service, language: from.language }),
    model: openaiChat({ ...service, model: 'gpt-4.1-mini' }),
    synthesizer: openaiSpeech({ ...service, voice: 'coral' }),
  });
}
