import type { AudioFrame, Cancel, Flow, GraphChange, GraphScope, NodeRef, Source } from '@sluice/core';
import { echoGuard } from '../echo/echo-guard.ts';
import { transcribe } from '../hearing/transcribe.ts';
import { vad } from '../hearing/vad.ts';
import type { Speaker } from '../people/speaker.ts';
import { isSource, type SpeakerOptions } from '../people/speaker-options.ts';
import type { Turn } from '../turns/turn.ts';
import type { TurnStrategy } from '../turns/turn-strategy.ts';
import { TurnTaker } from '../turns/turn-taker.ts';
import type { SpeechFrame, TranscriptFrame } from '../voice-frames.ts';
import { type AgentContext, supervision } from './agent-context.ts';

export interface EarsListener {
  readonly onTurn: (ears: Ears, turn: Turn) => void;
  /** They are probably done: a turn like this follows, or another, or `onResumed`. */
  readonly onEnding: (ears: Ears, turn: Turn) => void;
  readonly onResumed: (ears: Ears) => void;
  /** They speak under the agent's voice: it may be an interruption. */
  readonly onSuspect: (ears: Ears) => void;
  readonly onInterrupt: (ears: Ears) => void;
  readonly onFalseAlarm: (ears: Ears) => void;
  /** They began or ceased to speak. */
  readonly onSpeech: (ears: Ears, speaking: boolean, atMs: number) => void;
  /** Their sound is over, and all of it was told, or some of it hangs. */
  readonly onGone: (ears: Ears, hanging: boolean) => void;
  /** Whether what they say counts at present. */
  readonly hears: () => boolean;
  /** Whether they interrupt the agent by speaking now, or by the words that they have said so far over its voice. */
  readonly mayInterrupt: (ears: Ears, text: string, startMs: number) => boolean;
  /** Who spoke when they began, and still does. */
  readonly under: (id: string) => readonly string[];
}

export interface EarsParts {
  readonly speaker: SpeakerOptions;
  readonly turns: readonly TurnStrategy[];
  /** Group of the graph for the nodes; without one they stand in the graph itself, and their failure is the graph's. */
  readonly group?: string;
}

/** Whose ears are lost gets new ones for as long as it takes: others go on meanwhile. */
const persistent = { onError: 'restart', restart: { max: Number.POSITIVE_INFINITY, withinMs: 10_000 } } as const;

/**
 * What somebody says while a detector or a recogniser is being opened is kept, in milliseconds: a service behind a network takes
 * a second, and one that is lost as long as it takes. As much as a session of `realtimeAgent` is told.
 */
const KEPT = { link: { capacity: { ms: 15_000 } } } as const;

/** How long the last words of somebody who is gone are waited for beyond the recogniser's latency, in milliseconds. */
const LAST_WORDS_MS = 1_500;

/** Hears one person: when they speak, what they say, and when they are done. */
export class Ears {
  readonly id: string;
  /** Settles when all that they said is told. */
  readonly gone: Promise<void>;
  readonly #context: AgentContext;
  readonly #parts: EarsParts;
  readonly #listener: EarsListener;
  readonly #taker: TurnTaker;
  #who: { readonly name: string | undefined; readonly agent: boolean };
  #speaking = false;
  #agentSpeaking = false;
  /** When they began to speak over the agent's voice without being one who interrupts it, so far; undefined otherwise. */
  #overVoice: number | undefined;
  #nodes: NodeRef[] = [];
  #source: NodeRef | undefined;
  #late: Cancel | undefined;
  #isGone = false;
  #resolveGone!: () => void;

  constructor(context: AgentContext, parts: EarsParts, listener: EarsListener) {
    const { speaker, turns } = parts;
    const { graph, options } = context;
    const { recognizer = options.recognizer } = speaker;
    this.id = speaker.id;
    this.gone = new Promise((resolve) => {
      this.#resolveGone = resolve;
    });
    this.#context = context;
    this.#parts = parts;
    this.#listener = listener;
    this.#who = { name: speaker.name, agent: speaker.agent ?? false };
    this.#taker = new TurnTaker({
      clock: graph.clock,
      random: graph.random,
      strategies: turns,
      // Another one may be behind it by and by.
      get recognizerLatencyMs() {
        return recognizer.latencyMs;
      },
      ...(options.doubtMs === undefined ? {} : { doubtMs: options.doubtMs }),
      onTurn: (turn) => listener.onTurn(this, turn),
      onEnding: (turn) => listener.onEnding(this, turn),
      onResumed: () => listener.onResumed(this),
      onSuspect: () => listener.onSuspect(this),
      onInterrupt: () => listener.onInterrupt(this),
      onFalseAlarm: () => listener.onFalseAlarm(this),
    });
  }

  get speaker(): Speaker {
    const { id } = this;
    const speakingOver = this.#speaking ? this.#listener.under(id) : [];
    return { id, ...this.#who, speaking: this.#speaking, inTurn: this.#taker.inTurn, speakingOver };
  }

  /** Their sound is over; what they said last may not be told yet. */
  get ending(): boolean {
    return this.#late !== undefined;
  }

  /** Whether they speak, or have said something that is not settled. */
  get taken(): boolean {
    return this.#speaking || this.#taker.inTurn;
  }

  /** The agent is heard, or about to be; or not any more. */
  set agentSpeaking(speaking: boolean) {
    this.#agentSpeaking = speaking;
    if (!speaking) {
      this.#overVoice = undefined;
      this.#taker.agentSpeaking = false;
    } else if (this.#mayInterrupt('')) this.#taker.agentSpeaking = true;
    else if (!this.#taker.inTurn) this.#taker.agentSpeaking = false;
  }

  rename(who: { readonly name: string | undefined; readonly agent: boolean }): void {
    this.#who = who;
  }

  /** Adds the nodes. */
  wire(scope: GraphScope): void {
    const { group } = this.#parts;
    if (group === undefined) this.#wire(scope, supervision);
    else scope.group(group, (inner) => this.#wire(inner, persistent));
  }

  /** Ends what is heard; what was said up to now is told, then `onGone`. */
  end(edit: GraphChange): void {
    edit.remove(this.#source ?? this.#nodes[0]!);
    this.#waitForLastWords();
  }

  /** Takes out what hangs. */
  drop(edit: GraphChange): void {
    for (const node of this.#nodes) edit.remove(node, { drain: false });
  }

  close(): void {
    this.#isGone = true;
    this.#late?.();
    this.#taker.close();
    this.#resolveGone();
  }

  /** What is known of a fault of their source. */
  get fault(): string | undefined {
    const id = this.#source?.id;
    return this.#context.graph.inspect().nodes.find((node) => node.id === id)?.lastError;
  }

  #wire(scope: GraphScope, watched: typeof supervision | typeof persistent): void {
    const { options, ownVoice } = this.#context;
    const { speaker } = this.#parts;
    const { detector = options.detector, recognizer = options.recognizer } = speaker;
    const detect = scope.add(vad({ ...options.vad, detector }), { name: 'vad', ...watched });
    const scribe = scope.add(transcribe({ recognizer }), { name: 'transcribe', ...watched });
    const sound = this.#sound(scope);
    const guarded = ownVoice === undefined ? sound : sound.with({ ...watched }).pipe(echoGuard(ownVoice));
    guarded.with(KEPT).to(detect.in.in);
    detect.out.audio.with(KEPT).to(scribe.in.audio);
    detect.out.speech.to(scribe.in.speech);
    const speech = detect.out.speech.to({
      next: (frame: SpeechFrame) => this.#onSpeech(frame),
      complete: () => this.#waitForLastWords(),
    });
    const words = scribe.out.out.to({
      next: (frame: TranscriptFrame) => this.#onTranscript(frame),
      complete: () => this.#over(),
    });
    this.#nodes = [...(ownVoice === undefined ? [] : [guarded.node]), detect, scribe, speech, words];
  }

  #sound(scope: GraphScope): Flow<AudioFrame> {
    const { hears } = this.#parts.speaker;
    if (!isSource(hears)) return scope.follow(hears);
    const flow = scope.from<AudioFrame>(hears as Source<AudioFrame>, { name: 'hears', onError: 'stop' });
    this.#source = flow.node;
    return flow;
  }

  #onSpeech(frame: SpeechFrame): void {
    if (this.#isGone) return;
    const { speaking, atMs } = frame;
    this.#speaking = speaking;
    this.#listener.onSpeech(this, speaking, atMs);
    if (!this.#listener.hears()) return;
    if (speaking && this.#agentSpeaking) this.#judge(atMs);
    this.#taker.onSpeech(frame);
  }

  /** Somebody speaks under the agent's voice. */
  #judge(atMs: number): void {
    const { inTurn } = this.#taker;
    const interrupts = this.#mayInterrupt('', atMs);
    // What has begun as a turn of its own goes on as one.
    if (!interrupts && inTurn) return;
    this.#taker.agentSpeaking = interrupts;
    this.#overVoice = interrupts ? undefined : atMs;
  }

  #onTranscript(frame: TranscriptFrame): void {
    if (this.#isGone || (frame.turn === 'begun' && !this.#listener.hears())) return;
    this.#taker.onTranscript(frame);
    const since = this.#overVoice;
    if (since === undefined || !this.#taker.inTurn) return;
    if (!this.#mayInterrupt(this.#taker.state.text, since)) return;
    this.#overVoice = undefined;
    this.#listener.onInterrupt(this);
  }

  #mayInterrupt(text: string, startMs = this.#context.graph.clock.now()): boolean {
    return this.#listener.mayInterrupt(this, text, startMs);
  }

  #waitForLastWords(): void {
    const { graph, options } = this.#context;
    const { recognizer = options.recognizer } = this.#parts.speaker;
    if (this.#isGone || this.#late !== undefined) return;
    const { clock } = graph;
    this.#late = clock.at(clock.now() + recognizer.latencyMs + LAST_WORDS_MS, () => this.#over(true));
  }

  #over(hanging = false): void {
    if (this.#isGone) return;
    this.#late?.();
    // What they said last is a turn like any other.
    this.#taker.endTurn();
    this.close();
    this.#listener.onGone(this, hanging);
  }
}
