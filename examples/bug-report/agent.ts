import { graph } from '@sluice/core';
import type { SessionEnv } from '@sluice/core/session';
import { fakeLanguageModel, fakeRecognizer, fakeSynthesizer, fakeVoiceDetector } from '@sluice/core/voice';
import { silence, voiceAgent } from '@sluice/nodes';
import type { VirtualParticipant } from '@sluice/scenario';
import { toMicrophone } from '@sluice/transport';

/**
 * An agent that takes down a number. Whatever comes from outside it takes through `env`, so that it can be recorded.
 * `place` is where it stands, which only a recording has; `patienceMs` the pause after which a turn is over for it.
 */
export const program = (patienceMs: number, place?: VirtualParticipant) => (env: SessionEnv) => {
  const bot = graph('agent', { clock: env.clock, random: env.random });
  const agent = voiceAgent(bot, {
    hears: bot.from(env.source('call', () => place!.hears())),
    speaks: env.sink('microphone', () => toMicrophone(place!.createMicrophone())),
    detector: fakeVoiceDetector(),
    recognizer: env.model('recognizer', () => fakeRecognizer({ texts: ['my number is', 'five'] })),
    model: fakeLanguageModel({ reply: (said) => `I have: ${said.at(-1)!.text}.` }),
    synthesizer: env.model('synthesizer', () => fakeSynthesizer()),
    turns: [silence({ ms: patienceMs })],
  });
  return { graph: bot, agent };
};
