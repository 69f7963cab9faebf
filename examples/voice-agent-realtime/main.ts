// An agent of one model that hears and speaks by itself, and is told what was heard of it when it is interrupted.
import { parseArgs } from 'node:util';
import { graph } from '@sluice/core';
import { realtimeAgent } from '@sluice/nodes';
import { openaiRealtime } from '@sluice/plugin-openai';
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
const agent = realtimeAgent(bot, {
  hears: bot.from(fromCall(call.client)),
  speaks: toMicrophone(call.microphone),
  model: openaiRealtime({ ...service, voice: 'marin', language: 'en' }),
  // Knows that somebody speaks a way through the network sooner than the service.
  detector: fvad(),
  system: 'You are a friendly voice on the telephone. Answer in one or two short sentences.',
  onEvent: call.onEvent,
});
await call.talk(bot, agent, values.simulate ? lines : undefined);
for (const { audioEndMs, ofMs } of local?.truncated() ?? [])
  say(`the service keeps ${audioEndMs} of ${Math.round(ofMs)} ms of what it said`);
