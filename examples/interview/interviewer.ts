import { fakeLanguageModel, fakeVoiceDetector } from '@sluice/core/voice';
import { voiceAgent } from '@sluice/nodes';
import { type MakeAgent, type ScenarioOptions, toneRecognizer, toneVoice } from '@sluice/scenario';
import { nextLine } from './questions.ts';

/** `INTERVIEWER=hasty` breaks it on purpose, to see a suite fail. */
const hasty = process.env.INTERVIEWER === 'hasty';

/** Builds the agent into the graph of a scenario, with models that cost nothing and understand people by their sound alone. */
const interviewer: MakeAgent = ({ graph, hears, speaks, onEvent }) =>
  voiceAgent(graph, {
    hears,
    speaks,
    onEvent,
    detector: fakeVoiceDetector(),
    recognizer: toneRecognizer(),
    model: fakeLanguageModel({ firstTokenMs: 150, reply: (messages) => nextLine(messages, { hasty }) }),
    synthesizer: toneVoice({ firstByteMs: 60 }),
    notUnderstood: 'Sorry?',
  });

/** What all scenarios of the suite share: the agent, an ear that understands it, and what a run may cost. */
export const suite = {
  agent: interviewer,
  ear: toneRecognizer(),
  limitMs: 60_000,
  budgets: { voiceToVoiceMs: { p95: 2_000 }, glitches: 0, problems: 0 },
} satisfies ScenarioOptions;
