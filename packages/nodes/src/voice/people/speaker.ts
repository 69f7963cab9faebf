// People: who takes part in a conversation, who spoke over whom, who was meant, and who may interrupt. No graph, no sound
// and no model.

/** The id under which the agent's own voice stands where people are listed. */
export const AGENT_VOICE = 'agent';

/** Somebody whom an agent hears, as they are now. */
export interface Speaker {
  /** That of the participant in a call, or what `addSpeaker` was told. */
  readonly id: string;
  /** How they are called; what a language model is told. */
  readonly name: string | undefined;
  /** Another agent. */
  readonly agent: boolean;
  /** Their detector hears a voice now. */
  readonly speaking: boolean;
  /** They have begun a turn, and it is not settled yet that they are done. */
  readonly inTurn: boolean;
  /** Who spoke when they began, and still does; `agent` is this agent's own voice. */
  readonly speakingOver: readonly string[];
}

/** Why somebody is not heard any more. `ended`: their sound is over. `failed`: its source did. `removed`: on request. */
export type SpeakerLeft = 'ended' | 'failed' | 'removed';

/** How long somebody spoke over another voice. */
export interface Overlap {
  /** The one who spoke already; `agent` is this agent's own voice. */
  readonly speaker: string;
  /** In milliseconds, as long as both were heard. */
  readonly ms: number;
}

/** One line of a conversation, as far as people are concerned. Times are on the clock, in milliseconds. */
export interface SpokenLine {
  /** A tool speaks to nobody. */
  readonly who: 'person' | 'agent' | 'tool';
  /** What was understood, or heard. */
  readonly text: string;
  /** When it began, in milliseconds of the clock; undefined where nothing was heard. */
  readonly startMs: number | undefined;
  /** When it ended, in milliseconds of the clock; undefined where nothing was heard. */
  readonly endMs: number | undefined;
  /** The person's id; undefined of the agent's lines. */
  readonly speaker?: string;
  /** The person's name, where it is known. */
  readonly speakerName?: string;
  /** Whether the agent was meant, of a person's line. */
  readonly addressed?: boolean;
  /** Whom the agent replied to. */
  readonly to?: string;
  /** Whom it was spoken over, and for how long. */
  readonly over?: readonly Overlap[];
}
