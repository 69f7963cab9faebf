import { checkKeys } from '@sluice/core';
import {
  fallback,
  type LanguageModel,
  type ModelSwitch,
  type Recognizer,
  type Swap,
  type Synthesizer,
  swappable,
} from '@sluice/core/voice';
import type { VoiceAgentOptions } from './agent-options.ts';

/** Models to go on with; those that are left out stay. */
export interface ModelsToUse {
  /** Thinks, from the next reply on. */
  readonly model?: LanguageModel;
  /** Speaks, from the next sentence on. */
  readonly synthesizer?: Synthesizer;
  /** Hears, for each speaker. */
  readonly recognizer?: Recognizer;
}

/** The models of an agent, which may be replaced while it talks. */
export class AgentModels {
  readonly model: LanguageModel & Swap<'language-model'>;
  readonly synthesizer: Synthesizer & Swap<'synthesizer'>;
  readonly recognizer: Recognizer & Swap<'recognizer'>;

  constructor(
    { model, synthesizer, recognizer, fallbacks = [] }: VoiceAgentOptions,
    onSwitch: (change: ModelSwitch) => void,
  ) {
    this.model = swappable(model as LanguageModel<object>, { onSwitch }) as LanguageModel & Swap<'language-model'>;
    const voice = fallback(synthesizer as Synthesizer<object>, ...fallbacks);
    this.synthesizer = swappable(voice, { onSwitch }) as Synthesizer & Swap<'synthesizer'>;
    this.recognizer = swappable(recognizer as Recognizer<object>, { onSwitch }) as Recognizer & Swap<'recognizer'>;
  }

  async use(next: ModelsToUse): Promise<void> {
    checkKeys<ModelsToUse>('agent.use', next, { model: true, synthesizer: true, recognizer: true });
    const { model, synthesizer, recognizer } = next;
    await Promise.all([
      model && this.model.use(model),
      synthesizer && this.synthesizer.use(synthesizer),
      recognizer && this.recognizer.use(recognizer),
    ]);
  }
}
