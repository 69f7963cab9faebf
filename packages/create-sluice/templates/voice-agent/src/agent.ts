import type { AudioFrame, Flow, Graph, PlayoutSink } from '@sluice/core';
import type { Recognizer, Synthesizer, VoiceDetector } from '@sluice/core/voice';
import { type AgentEvent, silence, type VoiceAgent, voiceAgent } from '@sluice/nodes';
import { mind } from './mind.ts';

/** Where it hears and speaks, and with what. */
export interface AgentParts {
  readonly hears: Flow<AudioFrame>;
  readonly speaks: PlayoutSink;
  readonly detector: VoiceDetector;
  readonly recognizer: Recognizer;
  readonly synthesizer: Synthesizer;
  readonly onEvent?: (event: AgentEvent) => void;
}

/** Listens, answers, and falls silent when somebody talks. */
export function agent(bot: Graph, parts: AgentParts): VoiceAgent {
  return voiceAgent(bot, { ...parts, model: mind(), turns: [silence({ ms: 400 })] });
}
