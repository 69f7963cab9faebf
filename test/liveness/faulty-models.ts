import { fallback, type LanguageModel, type Recognizer, type Synthesizer } from '@sluice/core/voice';
import { FaultPlan } from './fault-plan.ts';
import { faultyRecognizer, type Understanding } from './faulty-ears.ts';
import { faultyLanguageModel, wordCounter } from './faulty-language-model.ts';
import { faultySynthesizer } from './faulty-synthesizer.ts';
import type { ToldPast } from './memory.ts';
import type { Setup } from './setup.ts';
import { squareWords } from './spoken-words.ts';
import { faultyTurnRecognizer } from './turn-marks.ts';

/** How long one that failed rests, in milliseconds: shorter than a sequence. */
const options = { recoverMs: 2_000, random: () => 0.5 };

export interface FaultyModels {
  readonly model: LanguageModel;
  readonly synthesizer: Synthesizer;
  readonly fallbacks: readonly Synthesizer[];
  recognizer(understanding: () => Understanding): Recognizer;
}

/** Models that fail as planned, each with one behind it that never does, if there is to be one. */
export function faultyModels(
  plan: FaultPlan,
  { fallbacks: spares, judges, sparesJudge }: Pick<Setup, 'fallbacks' | 'judges' | 'sparesJudge'>,
  told: (messages: ToldPast['messages']) => void,
): FaultyModels {
  const spare = new FaultPlan('spare');
  const nextWord = wordCounter();
  const mind = (of: FaultPlan) => faultyLanguageModel(of, told, nextWord);
  const kind = (judging: boolean) => (judging ? faultyTurnRecognizer : faultyRecognizer);
  return {
    model: spares ? fallback(mind(plan), mind(spare), options) : mind(plan),
    synthesizer: faultySynthesizer(plan, squareWords),
    fallbacks: spares ? [faultySynthesizer(spare, squareWords)] : [],
    recognizer: (understanding) => {
      const ear = kind(judges)(plan, understanding);
      return spares ? fallback(ear, kind(sparesJudge)(spare, understanding), options) : ear;
    },
  } as FaultyModels;
}
