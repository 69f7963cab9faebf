import { type Graph, graph, realClock, sleep } from '@sluice/core';
import { findGaps } from '@sluice/core/testing';
import { fakeLanguageModel, fakeRecognizer, fakeSynthesizer, fakeVoiceDetector } from '@sluice/core/voice';
import { fromSilence, type VoiceAgent, voiceAgent } from '@sluice/nodes';
import { CallClient, Daily, fromCall, startRoomServer, toMicrophone } from '@sluice/transport';
import { concat } from '../measuring/concat.ts';
import type { BenchOptions, Report } from '../measuring/report.ts';

const sampleRate = 16_000;
/** A word of a fake voice sounds 250 ms and rests 50; what is silent for another time is a gap. */
const REST_MS = { least: 25, most: 75 };
const EVERY_MS = 700;

/** Something that changes while the agent speaks; `round` counts from 0. */
type Swap = (agent: VoiceAgent, round: number) => Promise<void>;

const swaps: Readonly<Record<string, Swap>> = {
  model: (agent) => agent.use({ model: fakeLanguageModel() }),
  recogniser: (agent) => agent.use({ recognizer: fakeRecognizer() }),
  voice: (agent, round) => agent.use({ synthesizer: fakeSynthesizer({ frequency: round % 2 === 0 ? 330 : 220 }) }),
  'branch, a speaker who comes or goes': (agent, round) =>
    round % 2 === 0 ? agent.addSpeaker({ id: 'guest', hears: quiet() }) : agent.removeSpeaker('guest'),
};

/** Models and branches of an agent that change while it speaks in a real call: gaps of its voice at the far end. */
export async function agentSwaps(report: Report, { quick }: BenchOptions): Promise<void> {
  const rounds = quick ? 8 : 30;
  const reference = await gapsWhile(async () => {}, rounds);
  for (const [name, swap] of Object.entries(swaps)) {
    const gaps = await gapsWhile(swap, rounds);
    const peer = { name: 'nothing changes', value: reference };
    report(`gaps at the far end, ${rounds} swaps of a ${name}`, gaps, 'gaps', peer, 'lower');
  }
}

async function gapsWhile(swap: Swap, rounds: number): Promise<number> {
  const server = await startRoomServer();
  Daily.init();
  const clients = [new CallClient(), new CallClient()] as const;
  const bot = graph('agent');
  try {
    const agent = build(bot, clients[0]);
    await bot.start();
    const url = server.roomUrl('swaps');
    await clients[0].join(url, inputs('voice'));
    await clients[1].join(url, { clientSettings: { inputs: { camera: false, microphone: false } } });
    const heard = listen(clients[1], clients[0].participants().local.id);
    const said = agent.say(sentences((rounds + 4) * EVERY_MS));
    await sleep(realClock, 2 * EVERY_MS);
    for (let round = 0; round < rounds; round++) {
      await swap(agent, round);
      await sleep(realClock, EVERY_MS);
    }
    await said;
    return strangeGaps(concat(heard));
  } finally {
    bot.abort();
    await bot.finished.catch(() => {});
    await Promise.all(clients.map((client) => client.release()));
    await Daily.deinit();
    await server.close();
  }
}

function build(bot: Graph, client: CallClient): VoiceAgent {
  const microphone = Daily.createMicrophoneDevice('voice', { sampleRate });
  return voiceAgent(bot, {
    hears: bot.from(fromCall(client, { sampleRate })),
    speaks: toMicrophone(microphone),
    detector: fakeVoiceDetector(),
    recognizer: fakeRecognizer(),
    model: fakeLanguageModel(),
    synthesizer: fakeSynthesizer(),
  });
}

const inputs = (deviceId: string) => ({
  clientSettings: { inputs: { camera: false as const, microphone: { isEnabled: true, settings: { deviceId } } } },
});

const quiet = () => fromSilence({ sampleRate, live: true });

/** Sentences of four words that sound for at least so long. */
function sentences(ms: number): string {
  return Array.from({ length: Math.ceil(ms / 1_200) }, (_, index) => `This is number ${index}.`).join(' ');
}

function listen(client: CallClient, id: string): Int16Array[] {
  const heard: Int16Array[] = [];
  const hear = (_: string, frame: { samples: Int16Array; close(): void }) => {
    heard.push(frame.samples.slice());
    frame.close();
  };
  client.setAudioRenderer(id, hear, { sampleRate, callbackIntervalMs: 10 });
  return heard;
}

/** Silences inside a voice that are no rests between its words. */
function strangeGaps(samples: Int16Array): number {
  const { gaps } = findGaps(samples, { sampleRate, thresholdDbfs: -40, minMs: 8, ignoreEdges: true });
  return gaps.filter(({ durationMs }) => durationMs < REST_MS.least || durationMs > REST_MS.most).length;
}
