// A whole conversation: ears, turns, a language model and a voice, wired into a graph and watched. No model and no call.

import type { Speaker } from '../people/speaker.ts';
import type { SpeakerOptions } from '../people/speaker-options.ts';
import type { Spoken } from '../saying/utterance.ts';
import type { AgentMetrics } from './agent-metrics.ts';
import type { ModelsToUse } from './agent-models.ts';
import type { ConversationHistory } from './conversation-history.ts';
import type { ConversationLog } from './conversation-log.ts';
import type { SessionState } from './liveness.ts';

/** How politely, and to whom, an agent says something. */
export interface SayOptions {
  /** Waits until nobody speaks and no reply is under way. Default false. */
  readonly polite?: boolean;
  /** Whom it is said to: they may interrupt it, and what they say next is said to the agent. Default: nobody in particular. */
  readonly to?: string;
}

/** An agent in a conversation. Made by `voiceAgent`. */
export interface VoiceAgent {
  /** What was said and heard so far. */
  readonly log: ConversationLog;
  /**
   * The conversation so far as plain JSON, for the one who goes on with it. Of what is being said it has what was heard by now. The
   * newest 80,000 letters; the number of lines before is told.
   */
  history(): ConversationHistory;
  /**
   * Goes on with a conversation: the model is told of it as of what is said from now on. Once, before anything is said or heard;
   * undefined for a conversation that begins.
   *
   * @throws SluiceError `SLUICE_HISTORY_VERSION`, `SLUICE_HISTORY_FORM` for what is no history, `SLUICE_HISTORY_LATE`
   */
  recall(history: ConversationHistory | undefined): void;
  /** What it does now; each change is a `state` event. */
  readonly state: SessionState;
  /** Whom it hears, as they are now, in the order in which they came. */
  readonly speakers: readonly Speaker[];
  /**
   * Hears somebody from now on, with a detector, a recogniser and turns of their own; before the start or while the graph
   * runs. Neither the voice nor the ears of others notice. Their sound ends, or fails: they are gone, with an event. Rejects
   * for options that make no sense, and for somebody who is heard already.
   */
  addSpeaker(speaker: SpeakerOptions): Promise<void>;
  /** Hears somebody no more; what they have said so far is a turn. Resolves when they are gone; at once if they are not there. */
  removeSpeaker(id: string): Promise<void>;
  /** Somebody has another name, or turns out to be an agent. Throws for one who is not there. */
  updateSpeaker(id: string, who: { readonly name?: string; readonly agent?: boolean }): void;
  /** Loads the models. A conversation that begins before has to wait for them. */
  prefetch(): Promise<void>;
  /**
   * Goes on with other models, without a gap in what is being said: what is under way is finished by those before, a sentence
   * that somebody is speaking included. Rejects when one cannot be had, with that one as it was.
   */
  use(next: ModelsToUse): Promise<void>;
  /** Figures since it was made; the same stand in `graph.inspect().figures.agent`. */
  metrics(): AgentMetrics;
  /** Says something of its own accord. */
  say(text: string, options?: SayOptions): Promise<Spoken>;
  /** Falls silent at once and gives the reply up. Resolves when it is known what was heard. */
  interrupt(): Promise<void>;
  /** Hears and answers nobody until `unmute`, or for `bounds.mutedMs`. */
  mute(by: string): void;
  /** Hears and answers again. Without an effect while it is not muted. */
  unmute(): void;
  /**
   * Says whether anybody is there to talk to, in place of what follows from who is heard: people (not agents) who have come and
   * gone. Alone for `bounds.aloneMs` the session ends; before somebody came it is not alone.
   */
  setCompany(present: boolean): void;
  /** The session is over: nothing more is heard or said. The graph is the caller's to stop; when it has ended or failed, so has the session. */
  end(): void;
}
