// A conversation with a model that hears and speaks by itself, wired into a graph and watched. No model and no call.

import { type Graph, sleep } from '@sluice/core';
import type { Message, SpeechModelEvent, Tool } from '@sluice/core/voice';
import { type AgentMetrics, MetricsTally } from '../agent/agent-metrics.ts';
import type { AgentEvent } from '../agent/agent-options.ts';
import { callBack } from '../agent/call-back.ts';
import { Company } from '../agent/company.ts';
import type { ConversationHistory } from '../agent/conversation-history.ts';
import { ConversationLog } from '../agent/conversation-log.ts';
import type { SessionState } from '../agent/liveness.ts';
import type { VoiceAgent } from '../agent/voice-agent.ts';
import { Watch } from '../agent/watch.ts';
import { withTalk } from '../agent/with-talk.ts';
import type { Spoken } from '../saying/utterance.ts';
import type { Turn } from '../turns/turn.ts';
import { checkRealtimeOptions, defaultRealtimeBounds } from './check-realtime-options.ts';
import { LateLog } from './late-log.ts';
import type { RealtimeAgentOptions, RealtimeContext } from './realtime-options.ts';
import { PERSON, SpeechEars } from './speech-ears.ts';
import { SpeechLine } from './speech-line.ts';
import { SpeechMind } from './speech-mind.ts';
import { SpeechMouth } from './speech-mouth.ts';

/** How often it is looked whether what is polite may be said, in milliseconds. */
const POLITE_MS = 50;

/** An agent in a conversation. Made by `realtimeAgent`; the same as that of `voiceAgent`. */
export type RealtimeAgent = Pick<
  VoiceAgent,
  | 'log'
  | 'history'
  | 'recall'
  | 'state'
  | 'prefetch'
  | 'metrics'
  | 'say'
  | 'interrupt'
  | 'mute'
  | 'unmute'
  | 'setCompany'
  | 'end'
>;

/**
 * Builds a conversation with a speech model into a graph: what a person says goes to the model as it is, its voice to the device
 * as fast as that plays it. When somebody speaks under its voice it is silent at once; what was meant as an interruption
 * cancels the reply at the model and cuts it there to what was heard, and after a cough it goes on where it was heard. The
 * log holds the words of both as they were heard, each once and in order. A session that is lost is opened again, is told
 * the log, and hears what was not answered. No state lasts past its bound (`bounds`).
 *
 * @example
 * const bot = graph('agent');
 * const agent = realtimeAgent(bot, {
 *   hears: bot.from(fromCall(client)), speaks: toMicrophone(mic),
 *   model: openaiRealtime({ voice: 'marin' }), secrets: { apiKey }, system: 'You are a friendly receptionist.',
 * });
 * await bot.start();
 * await agent.say('Hello. What can I do for you?');
 * @throws TypeError, RangeError at once for options that do not exist, are of the wrong kind or out of range
 * @see voiceAgent for a recogniser, a language model and a synthesizer
 */
export function realtimeAgent<Settings>(graph: Graph, options: RealtimeAgentOptions<Settings>): RealtimeAgent {
  // Nothing but the model reads its settings.
  const untyped = options as unknown as RealtimeAgentOptions;
  checkRealtimeOptions(untyped);
  return new RealtimeSession(graph, untyped);
}

class RealtimeSession implements RealtimeAgent {
  readonly log: ConversationLog;
  readonly #context: RealtimeContext;
  readonly #tally: MetricsTally;
  readonly #late: LateLog;
  readonly #watch: Watch;
  readonly #mouth: SpeechMouth;
  readonly #mind: SpeechMind;
  readonly #ears: SpeechEars;
  readonly #line: SpeechLine;
  readonly #company: Company;
  #count = 0;
  #newest = 0;

  constructor(graph: Graph, options: RealtimeAgentOptions) {
    const { model, settings = {}, secrets = {}, system } = options;
    const bounds = { ...defaultRealtimeBounds, ...options.bounds };
    this.#tally = new MetricsTally(() => options.speaks.glitches?.());
    const tell = (event: AgentEvent) => {
      this.#tally.take(event);
      callBack('onEvent', options.onEvent, event);
    };
    const context: RealtimeContext = { graph, options, bounds, tell: withTalk(graph, tell) };
    const line = () => this.#line;
    this.#context = context;
    this.log = new ConversationLog((entry) => context.tell({ type: 'logged', entry }));
    this.#late = new LateLog(this.log, graph.clock, model.transcribes ? bounds.transcriptMs : 0);
    this.#watch = new Watch(context, {
      isBusy: () => this.#mouth.busy,
      giveVoiceUp: () => void this.interrupt(),
    });
    this.#mouth = new SpeechMouth(context, {
      onBegin: () => {
        this.#ears.agentSpeaking = true;
      },
      onProgress: () => this.#watch.voice(),
      onRound: ({ id, cut, playedMs }) => {
        // What nobody heard is not to be believed said.
        if (cut) void line().write({ type: 'heard', id, heardMs: playedMs });
      },
      onSpoken: (spoken, trace) => {
        this.#late.agent(spoken);
        if (trace !== undefined) context.tell({ type: 'trace', trace });
        if (this.#mouth.busy) return;
        this.#ears.agentSpeaking = false;
        this.#watch.listen();
      },
    });
    this.#mind = new SpeechMind(context, this.#mouth, this.#watch, line, (results) => this.#late.tools(results));
    this.#ears = new SpeechEars(context, line, {
      onTurn: (turn, name) => void this.#answer(turn, name),
      onSuspect: () => this.#mouth.pause(PERSON),
      onInterrupt: () => void this.#fallSilent(PERSON),
      onFalseAlarm: () => this.#mouth.resume(),
      onQuiet: () => this.#watch.listen(),
      hears: () => !this.#watch.isMuted && !this.#watch.isEnded,
      isAudible: () => this.#mouth.audible,
    });
    this.#line = new SpeechLine({
      model,
      clock: graph.clock,
      random: graph.random,
      settings,
      secrets,
      system,
      tools: toolsOf(options),
      reopenMs: bounds.reopenMs,
      context: () => this.#past(),
      told: (event) => this.#told(event),
      onOpen: () => this.#ears.onOpen(),
      onLost: (error) => this.#lost(error),
      onDead: (error) => {
        context.tell({ type: 'problem', error });
        this.end();
      },
    });
    this.#company = new Company({ clock: graph.clock, aloneMs: bounds.aloneMs, onAlone: () => this.end() });
    this.#watch.listen();
    graph.figures('agent', () => this.metrics());
    const over = () => this.end();
    graph.finished.then(over, over);
  }

  /** Without what is being said: a speech model does not tell when its words are heard. */
  history(): ConversationHistory {
    return this.log.history();
  }

  recall(history: ConversationHistory | undefined): void {
    if (history === undefined) return;
    this.log.recall(history);
    // A session that is not open yet is told of it when it opens.
    if (this.#line.isOpen)
      for (const message of this.log.messages()) void this.#line.write({ type: 'message', message });
  }

  get state(): SessionState {
    return this.#watch.state;
  }

  async prefetch(): Promise<void> {
    const { model, detector } = this.#context.options;
    await Promise.all([model.prefetch(), detector?.prefetch()]);
  }

  async say(text: string, { polite = false }: { readonly polite?: boolean } = {}): Promise<Spoken> {
    const isTaken = () => this.#ears.taken || this.#mouth.busy;
    while (polite && isTaken() && !this.#watch.isEnded) await sleep(this.#context.graph.clock, POLITE_MS);
    return this.#mind.say(`s${++this.#count}`, text).finished;
  }

  metrics(): AgentMetrics {
    return this.#tally.metrics;
  }

  interrupt(): Promise<void> {
    return this.#fallSilent();
  }

  mute(by: string): void {
    this.#watch.mute(by, () => this.unmute());
    this.#ears.forget();
    void this.interrupt();
  }

  unmute(): void {
    if (this.#watch.isMuted) this.#watch.listen(true);
  }

  setCompany(present: boolean): void {
    this.#company.tell(present);
  }

  end(): void {
    this.#company.close();
    this.#mind.cancel();
    this.#line.close();
    this.#mouth.close();
    this.#ears.close();
    this.#late.close();
    this.#watch.end();
  }

  async #answer(turn: Turn, name: string | undefined): Promise<void> {
    this.#newest = turn.id;
    this.#late.person(turn, name);
    this.#released();
    this.#context.tell({ type: 'turn', turn, speaker: PERSON, addressed: true });
    // What was heard of the reply before is told to the model before it thinks of the next one.
    await this.#mouth.settled;
    if (this.#watch.isEnded || this.#watch.isMuted || turn.id !== this.#newest) return;
    this.#mind.reply(turn);
  }

  #fallSilent(by?: string): Promise<void> {
    this.#mind.cancel();
    return this.#mouth.interrupt(by);
  }

  /** What a session that is opened anew is told. Calls of the reply under way stand with what was said to them. */
  #past(): Message[] {
    const { history } = this.#mind;
    const known = new Set(history.flatMap((message) => (message.role === 'tool' ? [message.callId] : [])));
    const isTold = (message: Message) =>
      message.role === 'tool'
        ? known.has(message.callId)
        : message.role === 'assistant' && message.calls?.some(({ callId }) => known.has(callId)) === true;
    return [...this.log.messages().filter((message) => !isTold(message)), ...history];
  }

  #told(event: SpeechModelEvent): void {
    if ('id' in event) return this.#mind.told(event);
    if (event.type === 'transcript') this.#late.transcript(event.turn, event.text, event.final);
    this.#ears.told(event);
    this.#released();
  }

  #lost(error: Error): void {
    this.#context.tell({ type: 'problem', error });
    // What was said in words that nobody knows is heard again, and its end told again.
    if (!this.#isKnown && this.#mind.awaits) this.#mind.abandon();
    this.#late.forget();
    this.#ears.onLost();
    this.#mind.onLost(error);
  }

  #released(): void {
    if (this.#isKnown) this.#ears.release();
  }

  /** Whether what was said in turns stands in the log, or was answered. */
  get #isKnown(): boolean {
    return this.#context.options.model.transcribes ? !this.#late.awaitsWords : !this.#mind.awaits;
  }
}

function toolsOf({ tools = {} }: RealtimeAgentOptions): Tool[] {
  return Object.entries(tools).map(([name, { description, parameters = { type: 'object' } }]) => ({
    name,
    description,
    parameters,
  }));
}
