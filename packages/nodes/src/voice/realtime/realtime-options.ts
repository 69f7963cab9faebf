import type { AudioFrame, Flow, Graph, GraphScope } from '@sluice/core';
import type { SpeechModel, VoiceDetector } from '@sluice/core/voice';
import type { AgentBounds, AgentEvent, SpeakingSink } from '../agent/agent-options.ts';
import type { AgentTool } from '../agent/agent-tool.ts';
import type { VadOptions } from '../hearing/vad.ts';
import type { TurnStrategy } from '../turns/turn-strategy.ts';

/** How long a state may last before something is done about it, in milliseconds. */
export interface RealtimeBounds extends AgentBounds {
  /** For a session that was lost to be had again: then the agent ends, with a problem told. Default 30,000. */
  readonly reopenMs: number;
  /** For the words of a turn, which come after it: then it stands in the log without. Default 5,000. */
  readonly transcriptMs: number;
}

/** Ears, voice, model and manners of a {@link realtimeAgent}. */
export interface RealtimeAgentOptions<Settings = unknown> {
  /** What the agent hears: `bot.from(fromCall(client))`. */
  readonly hears: Flow<AudioFrame>;
  /** Where it speaks. */
  readonly speaks: SpeakingSink;
  /** What stands between its voice and the sink, music that is mixed in for example. */
  readonly through?: (scope: GraphScope, voice: Flow<AudioFrame>) => Flow<AudioFrame>;
  /** Hears and speaks by itself: `openaiRealtime()`. */
  readonly model: SpeechModel<Settings>;
  /** What the model takes beside its defaults. */
  readonly settings?: Partial<Settings>;
  /** Keys and passwords of the model, by name; they appear in no message. */
  readonly secrets?: Readonly<Record<string, string>>;
  /**
   * Tells when somebody speaks under the agent's voice sooner than a service can, which is a way through the network away. Needed
   * for a model that does not detect turns.
   */
  readonly detector?: VoiceDetector;
  /** When speech counts as begun and over, with a `detector`: what `vad` takes beside it. */
  readonly vad?: Omit<VadOptions, 'detector'>;
  /**
   * What interrupts, and for a model that does not detect turns also when one is over. Default: `[sustained()]`, and `silence()`
   * with it where it is needed.
   */
  readonly turns?: readonly TurnStrategy[];
  /** How long it is silent in doubt about an interruption, in milliseconds. Default 1,500. */
  readonly doubtMs?: number;
  /** What the model is told first of all. */
  readonly system?: string;
  /** What the model may call, by name. Default: none. */
  readonly tools?: Readonly<Record<string, AgentTool>>;
  /** Said, by the model, when it has no answer. */
  readonly apology?: string;
  /**
   * So much of a reply has to be there before it is heard, and again after the model was too slow, in milliseconds: a burst that
   * comes late is then no hiccup. Costs nothing where models are faster than they are heard. Default 60.
   */
  readonly leadMs?: number;
  /** The most of a reply that may wait to be heard, in milliseconds: one that never ends is cut there. Default 600,000. */
  readonly mostWaitingMs?: number;
  /** How long each state may last, in milliseconds; what is left out keeps its default. */
  readonly bounds?: Partial<RealtimeBounds>;
  /** Called once nothing was said by anybody for `bounds.idleMs`. */
  readonly onIdle?: () => void;
  /** Told of each step, at once, from within the graph: it should be quick. What it throws is a warning of the process. */
  readonly onEvent?: (event: AgentEvent) => void;
}

/** What all parts of a realtime agent share. */
export interface RealtimeContext {
  readonly graph: Graph;
  readonly options: RealtimeAgentOptions;
  readonly bounds: RealtimeBounds;
  readonly tell: (event: AgentEvent) => void;
}
