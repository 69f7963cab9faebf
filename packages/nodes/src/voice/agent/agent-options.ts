import type { AudioFrame, Flow, GraphScope, Sink } from '@sluice/core';
import type { LanguageModel, ModelSwitch, Recognizer, Synthesizer, VoiceDetector } from '@sluice/core/voice';
import type { EchoGuardOptions } from '../echo/echo-guard.ts';
import type { VadOptions } from '../hearing/vad.ts';
import type { AttentionOptions } from '../people/attention.ts';
import type { Speaker, SpeakerLeft } from '../people/speaker.ts';
import type { SpeakerOptions } from '../people/speaker-options.ts';
import type { SpokenReceipt } from '../saying/spoken-receipt.ts';
import type { Turn } from '../turns/turn.ts';
import type { TurnStrategy } from '../turns/turn-strategy.ts';
import type { AgentTool } from './agent-tool.ts';
import type { LogEntry } from './conversation-log.ts';
import type { SessionState } from './liveness.ts';
import type { TurnTrace } from './turn-trace.ts';

/** The sink of a device that plays: `toMicrophone(mic)`, `toCustomAudio(source)`. */
export interface SpeakingSink extends Sink<AudioFrame, unknown> {
  /** What becomes of an utterance, by its id. */
  utterance(id: string): SpokenReceipt;
  /** How often the device ran dry in the middle of something, if it counts that. */
  glitches?(): number | undefined;
}

/** How long a state may last before something is done about it, in milliseconds. */
export interface AgentBounds {
  /** For the first word of a reply: then the model is given up and the apology is said. Default 8,000. */
  readonly thinkingMs: number;
  /** For the next sentence to be heard: then the voice is given up. Default 20,000. */
  readonly speakingMs: number;
  /** For anything to be said at all: then `onIdle` is called. Default Infinity. */
  readonly idleMs: number;
  /** For being muted: then it is not any more. Default 60,000. */
  readonly mutedMs: number;
  /** Alone, since everybody has left or `setCompany` says so: then the session ends. Default 60,000. */
  readonly aloneMs: number;
  /** For a tool that says nothing of it and is not in the background. Default 5,000. */
  readonly toolMs: number;
}

/** Something short that fills the time in which the model thinks. */
export interface AgentFiller {
  /** What is said: "Let me see." */
  readonly text: string;
  /** How long the model may think in silence before it is said, in milliseconds. */
  readonly afterMs: number;
}

/** What an agent tells of its talk, told apart by `type`. */
export type AgentEvent =
  | ({ readonly type: 'state' } & SessionState)
  /** Somebody is done. `addressed`: they spoke to the agent. */
  | {
      readonly type: 'turn';
      /** What they said, and when. */
      readonly turn: Turn;
      /** The id of who. */
      readonly speaker: string;
      /** Whether it gets a reply. */
      readonly addressed: boolean;
    }
  /** Somebody began or ceased to speak, and who spoke already: `agent` is its own voice. */
  | {
      readonly type: 'speech';
      /** The id of who. */
      readonly speaker: string;
      /** Whether they begin. */
      readonly speaking: boolean;
      /** Ids of those who speak already. */
      readonly over: readonly string[];
      /** On the clock of the graph. */
      readonly atMs: number;
    }
  | {
      readonly type: 'speaker-joined';
      /** As they are now. */
      readonly speaker: Speaker;
    }
  | {
      readonly type: 'speaker-left';
      /** As they were last. */
      readonly speaker: Speaker;
      /** How it came. */
      readonly reason: SpeakerLeft;
      /** Of those whose sound failed. */
      readonly error?: Error;
    }
  /** A turn that gets no reply, since too many wait for one. */
  | {
      readonly type: 'unanswered';
      /** What stays without a reply. */
      readonly turn: Turn;
      /** The id of who said it. */
      readonly speaker: string;
    }
  /** Somebody speaks under the agent's voice, which is silent until it is clear why. */
  | {
      readonly type: 'paused';
      /** On the clock of the graph. */
      readonly atMs: number;
      /** The id of who speaks. */
      readonly by?: string;
    }
  | {
      readonly type: 'resumed';
      /** On the clock of the graph. */
      readonly atMs: number;
    }
  | {
      readonly type: 'interrupted';
      /** On the clock of the graph. */
      readonly atMs: number;
      /** The id of who interrupted; absent for a program that did. */
      readonly by?: string;
    }
  | {
      readonly type: 'logged';
      /** The line, as it stands in `agent.log`. */
      readonly entry: LogEntry;
    }
  | {
      readonly type: 'trace';
      /** Every moment of a turn up to its first audible sample. */
      readonly trace: TurnTrace;
    }
  /** A reply that was thought of before it was certain that somebody was done is said now, or was for nothing. */
  | {
      readonly type: 'head-start';
      /** Which of the two. */
      readonly outcome: 'used' | 'dropped';
      /** On the clock of the graph. */
      readonly atMs: number;
    }
  | {
      readonly type: 'tool-progress';
      /** Its name. */
      readonly tool: string;
      /** What the model calls this use of it. */
      readonly callId: string;
      /** What the tool told by `progress`. */
      readonly text: string;
      /** On the clock of the graph. */
      readonly atMs: number;
    }
  /** A model was replaced, or another took over. */
  | {
      readonly type: 'switched';
      /** Which model, from what to what, and why. */
      readonly change: ModelSwitch;
    }
  /** The device stands still: nothing of the voice leaves it any more. */
  | {
      readonly type: 'silent';
      /** On the clock of the graph. */
      readonly atMs: number;
      /** The id of who interrupted. */
      readonly by?: string;
    }
  /** The model had no answer, and the apology is said. */
  | {
      readonly type: 'apology';
      /** On the clock of the graph. */
      readonly atMs: number;
    }
  | {
      readonly type: 'problem';
      /** What went wrong, and ended nothing. */
      readonly error: Error;
    };

/** Ears, voice, models and manners of a {@link voiceAgent}. */
export interface VoiceAgentOptions extends AttentionOptions {
  /**
   * What the agent hears, of one person: `bot.from(fromCall(client))`. They are the speaker `person`. Several people are
   * added with `addSpeaker`.
   */
  readonly hears?: Flow<AudioFrame>;
  /** Where it speaks. */
  readonly speaks: SpeakingSink;
  /** What stands between its voice and the sink, music that is mixed in for example. */
  readonly through?: (scope: GraphScope, voice: Flow<AudioFrame>) => Flow<AudioFrame>;
  /** Tells when somebody speaks: `fvad()`, `silero()`. Each speaker gets a session of their own. */
  readonly detector: VoiceDetector;
  /** Tells what they say, partials included. Each speaker gets a session of their own. */
  readonly recognizer: Recognizer;
  /** Thinks of replies, one at a time, from what the log says was said and heard. */
  readonly model: LanguageModel;
  /** Speaks them, sentence by sentence. */
  readonly synthesizer: Synthesizer;
  /** Voices that take over when the one before them is lost. */
  readonly fallbacks?: readonly Synthesizer[];
  /** When speech counts as begun and over: what `vad` takes beside its detector. */
  readonly vad?: Omit<VadOptions, 'detector'>;
  /**
   * When a turn is over and what interrupts. Default: `[silence(), backChannels()]`, while the recogniser in use judges
   * turns `[recognizerTurns(), backChannels()]`. Strategies that follow one person, `judged` for example, are made for each by a
   * function.
   */
  readonly turns?: readonly TurnStrategy[] | ((speaker: SpeakerOptions) => readonly TurnStrategy[]);
  /**
   * Makes silence of the agent's own voice in people's microphones, as `echoGuard` does. The receipts of `speaks` have to tell
   * marks, as those of devices do. Default false.
   */
  readonly echoGuard?: boolean | Omit<EchoGuardOptions, 'reference'>;
  /**
   * Thinks of a reply as soon as the recogniser takes a turn for probably over, where it tells that (`deepgramFlux` with an
   * `eagerThreshold`). Nothing of it is heard or logged and no tool runs before the turn is over, with the same words; otherwise
   * it is cancelled at the model, and what the model has thought by then was paid for nothing. Default true.
   */
  readonly eager?: boolean;
  /**
   * How long a reply waits for somebody else who speaks when it would begin, in milliseconds. 0: not at all. Default 1,500.
   */
  readonly yieldMs?: number;
  /** How long it is silent in doubt about an interruption, in milliseconds. Default 1,500. */
  readonly doubtMs?: number;
  /** What the model is told first of all. */
  readonly system?: string;
  /**
   * What the model may call, by name. A call ends with the reply that made it, unless it runs in the background.
   * Default: none.
   */
  readonly tools?: Readonly<Record<string, AgentTool>>;
  /** Said when the model has said nothing for so long after a turn, in milliseconds: `{ text: 'Let me see.', afterMs: 1_200 }`. */
  readonly filler?: AgentFiller;
  /** Said when the model has no answer. */
  readonly apology?: string;
  /** Said when something was said that is not understood. Default: the model is asked nothing, and the apology is said. */
  readonly notUnderstood?: string;
  /** Language of what it says. Default `en`. */
  readonly locale?: string;
  /** How long each state may last, in milliseconds; what is left out keeps its default. */
  readonly bounds?: Partial<AgentBounds>;
  /** Called once nothing was said by anybody for `bounds.idleMs`: to ask whether somebody is there, or to leave. */
  readonly onIdle?: () => void;
  /** Told of each step, at once, from within the graph: it should be quick. What it throws is a warning of the process. */
  readonly onEvent?: (event: AgentEvent) => void;
}
