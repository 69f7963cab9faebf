import type { Graph } from '@sluice/core';
import type { EchoGuardOptions } from '../echo/echo-guard.ts';
import type { AgentBounds, AgentEvent, VoiceAgentOptions } from './agent-options.ts';

/** What all parts of an agent share. */
export interface AgentContext {
  readonly graph: Graph;
  readonly options: VoiceAgentOptions;
  readonly bounds: AgentBounds;
  /** What ears leave out of what they hear; undefined: nothing. */
  readonly ownVoice: EchoGuardOptions | undefined;
  readonly tell: (event: AgentEvent) => void;
  /** Settles when the graph runs; never, if it does not begin to. */
  readonly running: Promise<void>;
}

/** A node of an agent that failed is started anew as often as that. */
export const supervision = { onError: 'restart', restart: { max: 3, withinMs: 10_000 } } as const;
