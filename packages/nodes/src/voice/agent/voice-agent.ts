// A whole conversation: ears, turns, a language model and a voice, wired into a graph and watched. No model and no call.

import { type Cancel, type Graph, sleep, toError } from '@sluice/core';
import { SayQueue, type Utterance } from '../saying/say-queue.ts';
import type { Spoken } from '../saying/utterance.ts';
import { backChannels, silence } from '../turns/turn-strategies.ts';
import { type Turn, TurnTaker } from '../turns/turn-taker.ts';
import type { AgentBounds, AgentEvent, VoiceAgentOptions } from './agent-options.ts';
import { wireAgent } from './agent-wiring.ts';
import { checkAgentOptions, defaultBounds } from './check-agent-options.ts';
import { ConversationLog } from './conversation-log.ts';
import { Liveness, type SessionState } from './liveness.ts';
import { ReplyLine } from './reply-line.ts';
import type { TurnTrace } from './turn-trace.ts';

/** A group of the graph by this name holds what is interrupted. */
const MOUTH = 'mouth';

/** How often it is looked whether what is polite may be said, in milliseconds. */
const POLITE_MS = 50;

/** An agent in a conversation. Made by `voiceAgent`. */
export interface VoiceAgent {
  /** What was said and heard so far. */
  readonly log: ConversationLog;
  readonly state: SessionState;
  /** Loads the models. A conversation that begins before has to wait for them. */
  prefetch(): Promise<void>;
  /** Says something of its own accord. `polite` waits until nobody speaks and no reply is under way. */
  say(text: string, options?: { readonly polite?: boolean }): Promise<Spoken>;
  /** Falls silent at once and gives the reply up. Resolves when it is known what was heard. */
  interrupt(): Promise<void>;
  /** Hears and answers nobody until `unmute`, or for `bounds.mutedMs`. */
  mute(by: string): void;
  unmute(): void;
  /** Says whether anybody is there to talk to. Alone for `bounds.aloneMs` the session ends. */
  setCompany(present: boolean): void;
  /** The session is over: nothing more is heard or said. The graph is the caller's to stop. */
  end(): void;
}

/**
 * Builds a conversation into a graph: hearing (`vad`, `transcribe`), turns, a language model and its tools, a voice
 * (`speak`), all by models from outside. What it says and what was heard of it goes into one log, from which the model is
 * told. When somebody speaks under its voice it is silent at once; what was meant as an interruption drops the reply, and
 * after a cough it goes on where it was heard. No state lasts past its bound (`bounds`).
 *
 * @example
 * const bot = graph('agent');
 * const agent = voiceAgent(bot, {
 *   hears: bot.from(fromCall(client)), speaks: toMicrophone(mic),
 *   detector: fvad(), recognizer: pocketsphinx(), model: myModel, synthesizer: flite(),
 * });
 * await agent.prefetch();
 * await bot.start();
 * await agent.say('Hello. What can I do for you?');
 * @throws TypeError, RangeError at once for options that do not exist, are of the wrong kind or out of range
 */
export function voiceAgent(graph: Graph, options: VoiceAgentOptions): VoiceAgent {
  checkAgentOptions(options);
  return new AgentSession(graph, options);
}

/** A reply, or something said of the agent's own accord, until its last sample was heard or dropped. */
interface Speech {
  readonly utterance: Utterance;
  readonly trace: TurnTrace | undefined;
}

class AgentSession implements VoiceAgent {
  readonly log: ConversationLog;
  readonly #graph: Graph;
  readonly #options: VoiceAgentOptions;
  readonly #bounds: AgentBounds;
  readonly #liveness: Liveness;
  readonly #queue: SayQueue;
  readonly #replies: ReplyLine;
  readonly #taker: TurnTaker;
  readonly #speeches = new Set<Speech>();
  /** Settles when the device has told what the last interruption cut. */
  #cut: Promise<unknown> = Promise.resolve();
  #paused = false;
  #personSpeaks = false;
  #count = 0;
  #stopWaiting: Cancel = () => {};

  constructor(graph: Graph, options: VoiceAgentOptions) {
    const { clock } = graph;
    const { speaks, turns = [silence(), backChannels()], recognizer, model, tools, locale } = options;
    this.#graph = graph;
    this.#options = options;
    this.#bounds = { ...defaultBounds, ...options.bounds };
    this.log = new ConversationLog((entry) => this.#tell({ type: 'logged', entry }));
    this.#liveness = new Liveness(clock, (state) => this.#tell({ type: 'state', ...state }));
    const receipt = (id: string) => speaks.utterance(id);
    this.#queue = new SayQueue({
      clock,
      receipt,
      onProgress: () => this.#watchVoice(),
      ...(locale === undefined ? {} : { locale }),
    });
    this.#replies = new ReplyLine({
      model,
      clock,
      toolMs: this.#bounds.toolMs,
      ...(tools === undefined ? {} : { tools }),
    });
    this.#taker = new TurnTaker({
      clock,
      strategies: turns,
      recognizerLatencyMs: recognizer.latencyMs,
      ...(options.doubtMs === undefined ? {} : { doubtMs: options.doubtMs }),
      onTurn: (turn) => void this.#answer(turn),
      onSuspect: () => this.#pause(),
      onInterrupt: () => void this.interrupt(),
      onFalseAlarm: () => this.#resume(),
    });
    wireAgent(graph, MOUTH, this.#queue, options, {
      onSpeech: (frame) => {
        this.#personSpeaks = frame.speaking;
        if (!this.#isMuted) this.#taker.onSpeech(frame);
        if (!frame.speaking) this.#listen();
      },
      onTranscript: (frame) => this.#taker.onTranscript(frame),
      onFirstByte: (utterance) => this.#stamp(utterance, 'firstByteMs'),
      onFirstSentence: (utterance) => this.#stamp(utterance, 'firstSentenceMs'),
    });
    this.#listen();
  }

  get state(): SessionState {
    return this.#liveness.current;
  }

  async prefetch(): Promise<void> {
    const { detector, recognizer, model, synthesizer, fallbacks = [] } = this.#options;
    await Promise.all([detector, recognizer, model, synthesizer, ...fallbacks].map((one) => one.prefetch()));
  }

  async say(text: string, { polite = false }: { readonly polite?: boolean } = {}): Promise<Spoken> {
    const { clock } = this.#graph;
    const isTaken = () => this.#personSpeaks || this.#taker.inTurn || this.#queue.busy;
    while (polite && isTaken() && this.state.state !== 'ended') await sleep(clock, POLITE_MS);
    const speech = this.#speak(`s${++this.#count}`);
    speech.utterance.push(text);
    speech.utterance.end();
    return speech.utterance.finished;
  }

  async interrupt(): Promise<void> {
    const wasBusy = this.#queue.busy;
    this.#replies.cancel();
    this.#queue.interrupt();
    if (this.#graph.status !== 'running') return;
    // What stands still has faded out; a mixer would add the fade of what comes after it.
    const cut = this.#graph.interrupt({ scope: MOUTH, ...(this.#paused ? { fadeMs: 0 } : {}) });
    this.#cut = cut;
    if (wasBusy) this.#tell({ type: 'interrupted', atMs: this.#graph.clock.now() });
    await cut;
    this.#resumeQuietly();
  }

  mute(by: string): void {
    this.#liveness.enter({ state: 'muted', by }, this.#bounds.mutedMs, () => this.unmute());
    void this.interrupt();
  }

  unmute(): void {
    if (!this.#isMuted) return;
    this.#listen(true);
  }

  setCompany(present: boolean): void {
    const { clock } = this.#graph;
    this.#stopWaiting();
    this.#stopWaiting = present ? () => {} : clock.at(clock.now() + this.#bounds.aloneMs, () => this.end());
  }

  end(): void {
    this.#stopWaiting();
    this.#replies.close();
    this.#queue.close();
    this.#taker.close();
    this.#liveness.end();
  }

  get #isMuted(): boolean {
    return this.state.state === 'muted';
  }

  async #answer(turn: Turn): Promise<void> {
    this.log.person(turn);
    this.#tell({ type: 'turn', turn });
    if (this.#isMuted) return;
    // What was heard of the reply before belongs into the log before the next one is thought of.
    await this.#cut;
    if (this.state.state === 'ended') return;
    const { id, voicedEndMs, decidedMs, finalTextMs } = turn;
    const trace: TurnTrace = { id, voicedEndMs, decidedMs, finalTextMs, interrupted: false, heardText: '' };
    const { notUnderstood } = this.#options;
    const { utterance } = this.#speak(`r${id}`, trace);
    if (turn.rejected && notUnderstood !== undefined) {
      utterance.push(notUnderstood);
      return utterance.end();
    }
    this.#think(utterance, trace);
  }

  #think(utterance: Utterance, trace: TurnTrace): void {
    let said = false;
    const fail = (error: Error) => {
      this.#replies.cancel();
      this.#tell({ type: 'problem', error });
      if (!said) utterance.push(this.#options.apology ?? 'Sorry, I lost my thread. Could you say that again?');
      utterance.end();
    };
    const { filler } = this.#options;
    const { clock } = this.#graph;
    const fill = () => {
      // It stands in front of the reply, which has no sentence yet.
      const { utterance: spoken } = this.#speak(`f${trace.id}`);
      spoken.push(filler!.text);
      spoken.end();
    };
    const stopFiller = filler === undefined ? () => {} : clock.at(clock.now() + filler.afterMs, fill);
    void utterance.finished.then(stopFiller);
    const silentFor = `the model said nothing for ${this.#bounds.thinkingMs} ms`;
    this.#liveness.enter({ state: 'thinking' }, this.#bounds.thinkingMs, () => fail(new Error(silentFor)));
    this.#replies.ask(this.log.messages(this.#options.system), {
      onText: (text) => {
        stopFiller();
        trace.firstTokenMs ??= clock.now();
        said ||= /[\p{L}\p{N}]/u.test(text);
        utterance.push(text);
        if (said) this.#watchVoice('thinking');
      },
      onFinished: () => (said ? utterance.end() : fail(new Error('the model answered with nothing that can be said'))),
      onFailed: fail,
    });
  }

  #speak(id: string, trace?: TurnTrace): Speech {
    const utterance = this.#queue.begin(id);
    const speech: Speech = { utterance, trace };
    this.#speeches.add(speech);
    this.#taker.agentSpeaking = true;
    if (trace === undefined) this.#watchVoice('thinking');
    void utterance.started.then((started) => {
      if (!started) return;
      this.#stamp(id, 'firstAudibleMs');
      this.#watchVoice();
    });
    void utterance.finished.then((spoken) => this.#spoken(speech, spoken));
    return speech;
  }

  #spoken(speech: Speech, spoken: Spoken): void {
    this.#speeches.delete(speech);
    this.log.agent(spoken);
    const { trace } = speech;
    if (trace !== undefined) {
      trace.heardText = spoken.heardText;
      trace.interrupted = spoken.interrupted;
      this.#tell({ type: 'trace', trace });
    }
    if (this.#queue.busy) return;
    this.#taker.agentSpeaking = false;
    this.#listen();
  }

  /** A voice of which nothing is heard is given up. */
  #watchVoice(state: 'thinking' | 'speaking' = 'speaking'): void {
    if (this.#isMuted || !this.#queue.busy || (state === 'thinking' && this.state.state === 'speaking')) return;
    const { speakingMs } = this.#bounds;
    this.#liveness.enter({ state }, speakingMs, () => {
      this.#tell({ type: 'problem', error: new Error(`nothing was heard of the voice for ${speakingMs} ms`) });
      void this.interrupt();
    });
  }

  #listen(unmuted = false): void {
    if (this.#queue.busy || (this.#isMuted && !unmuted)) return;
    const { idleMs } = this.#bounds;
    this.#liveness.enter({ state: 'listening' }, idleMs, () => {
      this.#options.onIdle?.();
      this.#listen();
    });
  }

  #pause(): void {
    this.#paused = true;
    this.#tell({ type: 'paused', atMs: this.#graph.clock.now() });
    void this.#graph
      .pause({ scope: MOUTH })
      .catch((error: unknown) => this.#tell({ type: 'problem', error: toError(error) }));
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#resumeQuietly();
    this.#tell({ type: 'resumed', atMs: this.#graph.clock.now() });
  }

  #resumeQuietly(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#graph.resume({ scope: MOUTH });
  }

  #stamp(utterance: string, what: 'firstSentenceMs' | 'firstByteMs' | 'firstAudibleMs'): void {
    for (const {
      utterance: { id },
      trace,
    } of this.#speeches)
      if (trace !== undefined && (utterance === id || utterance.startsWith(`${id}.`)))
        trace[what] ??= this.#graph.clock.now();
  }

  #tell(event: AgentEvent): void {
    this.#options.onEvent?.(event);
  }
}
