import { fakeLanguageModel, fakeVoiceDetector, type Message } from '@sluice/core/voice';
import { type VoiceAgentOptions, voiceAgent } from '@sluice/nodes';
import {
  type MakeAgent,
  runScenario,
  type ScenarioOptions,
  type ScenarioResult,
  scenario,
  type Talk,
  toneRecognizer,
  toneVoice,
} from '@sluice/scenario';

export const LONG = Array.from({ length: 60 }, (_, index) => `This is sentence number ${index + 1} of many.`).join(' ');

/** Tells something long when it is asked to, and says `Okay.` to everything else. */
export function answer(messages: readonly Message[]): string {
  return messages.at(-1)!.text === 'tell' ? LONG : 'Okay.';
}

/** An agent that understands and speaks tones. */
export function toneAgent(more: Partial<VoiceAgentOptions> = {}): MakeAgent {
  return ({ graph, hears, speaks, onEvent }) =>
    voiceAgent(graph, {
      hears,
      speaks,
      onEvent,
      detector: fakeVoiceDetector(),
      recognizer: toneRecognizer(),
      model: fakeLanguageModel({ firstTokenMs: 200, reply: answer }),
      synthesizer: toneVoice({ firstByteMs: 80 }),
      ...more,
    });
}

/** Holds a talk in virtual time; a talk that fails, or whose log says what the ear did not hear, is thrown. */
export async function hold(
  play: (talk: Talk) => Promise<void>,
  options: Partial<ScenarioOptions> = {},
): Promise<ScenarioResult> {
  const result = await runScenario(
    scenario('talk', { agent: toneAgent(), ear: toneRecognizer(), budgets: { silentWords: 0 }, ...options }, play),
  );
  if (result.error !== undefined) throw result.error;
  return result;
}
