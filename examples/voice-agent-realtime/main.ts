// An agent of one model that hears and speaks by itself, and is told what was heard of it when it is interrupted.
import { parseArgs } from 'node:util';
import { graph } from '@sluice/core';
import { type AgentEvent, realtimeAgent } from '@sluice/nodes';
import { openaiRealtime } from '@sluice/plugin-openai';
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
const agent = realtimeAgent(bot, {
  hears: bot.from(fromCall(client)),
  speaks: toMicrophone(microphone),
  model: openaiRealtime({ ...service, voice: 'marin', language: 'en' }),
  // Knows that somebody speaks a way through the network sooner than the service.
  detector: fvad(),
  system: 'You are a friendly voice on the telephone. Answer in one or two short sentences.',
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
  for (const { audioEndMs, ofMs } of local?.truncated() ?? [])
    say(`the service keeps ${audioEndMs} of ${Math.round(ofMs)} ms of what it said`);
} else {
  say(`open ${room.url} in a browser and talk to it`);
  await room.stopped;
}
agent.end();
await bot.stop();
await client.release();
await Daily.deinit();
