import { type Graph, sleep } from '@sluice/core';
import type { Message } from '@sluice/core/voice';
import type { EchoGuardOptions } from '../echo/echo-guard.ts';
import { echoReference } from '../echo/echo-reference.ts';
import type { Speaker } from '../people/speaker.ts';
import type { SpeakerOptions } from '../people/speaker-options.ts';
import type { Spoken } from '../saying/utterance.ts';
import type { AgentContext } from './agent-context.ts';
import { type AgentMetrics, MetricsTally } from './agent-metrics.ts';
import { AgentModels, type ModelsToUse } from './agent-models.ts';
import type { AgentEvent, VoiceAgentOptions } from './agent-options.ts';
import { callBack } from './call-back.ts';
import { checkAgentOptions, defaultBounds } from './check-agent-options.ts';
import { Company } from './company.ts';
import type { ConversationHistory } from './conversation-history.ts';
import { ConversationLog, type MessagesOptions, type SayingLine } from './conversation-log.ts';
import { Listening } from './listening.ts';
import type { SessionState } from './liveness.ts';
import { Mind } from './mind.ts';
import { Mouth, type SpeechOptions } from './mouth.ts';
import { ReplyQueue } from './reply-queue.ts';
import type { ToolResult } from './tool-runs.ts';
import type { SayOptions, VoiceAgent } from './voice-agent.ts';
import { Watch } from './watch.ts';
import { withTalk } from './with-talk.ts';

/** How often it is looked whether what is polite may be said, in milliseconds. */
const POLITE_MS = 50;

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
 *   detector: fvad(), recognizer: pocketsphinx(), model: myModel(), synthesizer: flite(),
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

function ownVoiceOf({ clock }: Graph, { echoGuard = false }: VoiceAgentOptions): EchoGuardOptions | undefined {
  if (echoGuard === false) return undefined;
  return { ...(echoGuard === true ? {} : echoGuard), reference: echoReference({ clock }) };
}

class AgentSession implements VoiceAgent {
  readonly log: ConversationLog;
  readonly #context: AgentContext;
  readonly #models: AgentModels;
  readonly #tally: MetricsTally;
  readonly #watch: Watch;
  readonly #listening: Listening;
  readonly #mouth: Mouth;
  readonly #mind: Mind;
  readonly #replies: ReplyQueue;
  readonly #company: Company;
  #count = 0;

  constructor(graph: Graph, options: VoiceAgentOptions) {
    this.#tally = new MetricsTally(() => options.speaks.glitches?.());
    const tell = (event: AgentEvent) => {
      this.#tally.take(event);
      if (event.type === 'speaker-joined' || event.type === 'speaker-left') this.#followCompany();
      callBack('onEvent', options.onEvent, event);
    };
    this.#models = new AgentModels(options, (change) => context.tell({ type: 'switched', change }));
    const { model, synthesizer, recognizer } = this.#models;
    let onRunning = () => {};
    const context: AgentContext = {
      graph,
      options: { ...options, model, synthesizer, recognizer, fallbacks: [] },
      bounds: { ...defaultBounds, ...options.bounds },
      ownVoice: ownVoiceOf(graph, options),
      tell: withTalk(graph, tell),
      running: new Promise((resolve) => {
        onRunning = resolve;
      }),
    };
    this.#context = context;
    this.log = new ConversationLog((entry) => context.tell({ type: 'logged', entry }));
    this.#watch = new Watch(context, { isBusy: () => this.#mouth.busy, giveVoiceUp: () => void this.#fallSilent() });
    this.#listening = new Listening(context, this.log, {
      mouth: () => this.#mouth,
      isMuted: () => this.#watch.isMuted,
      onQuiet: () => this.#watch.listen(),
      onInterrupt: (by) => void this.#fallSilent(by),
      onEnding: (saying) => this.#thinkAhead(saying),
      onResumed: (speaker) => this.#mind.dropAhead(speaker),
      onAsked: (asked) => this.#replies.add(asked),
    });
    this.#mouth = new Mouth(context, {
      onRunning,
      onBegin: () => {
        this.#listening.agentSpeaking = true;
        this.#watch.voice('thinking');
      },
      onProgress: () => this.#watch.voice(),
      onVoice: (audible) => this.#listening.onVoice(audible),
      onSpoken: (spoken, about) => this.#onSpoken(spoken, about),
    });
    this.#mind = new Mind(context, this.#mouth, this.#watch, {
      onTools: (results) => this.log.tools(results),
      onLater: (result) => void this.#replyLater(result),
      onSay: (text) => void this.say(text, { polite: true }),
    });
    this.#replies = new ReplyQueue({
      clock: graph.clock,
      begin: ({ turn, speaker }) => this.#mind.reply(turn, speaker, this.#messages({ last: `t${turn.id}` })),
      ready: () => this.#mouth.cut,
      yieldMs: options.yieldMs ?? 1_500,
      othersSpeak: (speaker) => this.#listening.othersSpeak(speaker),
      isTaken: () => this.#listening.floorTaken,
      isEnded: () => this.#watch.isEnded,
      onDropped: ({ turn, speaker }) => context.tell({ type: 'unanswered', turn, speaker }),
    });
    this.#company = new Company({
      clock: graph.clock,
      aloneMs: context.bounds.aloneMs,
      onAlone: () => this.end(),
    });
    this.#followCompany();
    this.#watch.listen();
    graph.figures('agent', () => this.metrics());
    const over = () => this.end();
    graph.finished.then(over, over);
  }

  history(): ConversationHistory {
    return this.log.history(this.#mouth.underWay);
  }

  recall(history: ConversationHistory | undefined): void {
    if (history !== undefined) this.log.recall(history);
  }

  get state(): SessionState {
    return this.#watch.state;
  }

  get speakers(): readonly Speaker[] {
    return this.#listening.speakers.all;
  }

  addSpeaker(speaker: SpeakerOptions): Promise<void> {
    return this.#listening.speakers.add(speaker);
  }

  removeSpeaker(id: string): Promise<void> {
    return this.#listening.speakers.remove(id);
  }

  updateSpeaker(id: string, who: { readonly name?: string; readonly agent?: boolean }): void {
    this.#listening.speakers.update(id, who);
    this.#followCompany();
  }

  async prefetch(): Promise<void> {
    const { detector, recognizer, model, synthesizer } = this.#context.options;
    await Promise.all([detector, recognizer, model, synthesizer].map((one) => one.prefetch()));
  }

  async say(text: string, { polite = false, to }: SayOptions = {}): Promise<Spoken> {
    if (polite) await this.#silence();
    return this.#mouth.say(`s${++this.#count}`, text, to === undefined ? {} : { to }).finished;
  }

  use(next: ModelsToUse): Promise<void> {
    return this.#models.use(next);
  }

  metrics(): AgentMetrics {
    return this.#tally.metrics;
  }

  interrupt(): Promise<void> {
    this.#replies.clear();
    return this.#fallSilent();
  }

  mute(by: string): void {
    this.#watch.mute(by, () => this.unmute());
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
    this.#replies.clear();
    this.#mind.close();
    this.#mouth.close();
    this.#listening.close();
    this.#watch.end();
  }

  /** Other agents are no company: two of them would wait for each other for ever. */
  #followCompany(): void {
    this.#company.follow(this.speakers.some(({ agent }) => !agent));
  }

  /** Resolves when nobody speaks and nothing is to be said. */
  async #silence(): Promise<void> {
    const isTaken = () => this.#listening.speakers.taken || this.#mouth.busy || this.#replies.busy;
    while (isTaken() && !this.#watch.isEnded) await sleep(this.#context.graph.clock, POLITE_MS);
  }

  /** What a tool found in the background is a turn of its own, when nobody speaks. */
  async #replyLater({ call, ...result }: ToolResult): Promise<void> {
    await this.#silence();
    if (this.#watch.isEnded) return;
    // The call was answered when the tool began: this stands as one of its own.
    this.log.tools([{ ...result, call: { ...call, callId: `${call.callId}-later` } }]);
    if (!this.#watch.isMuted) this.#mind.replyLater(`l${++this.#count}`, this.#messages());
  }

  /** Gives up what is thought of and said. Who waits for a reply gets it afterwards. */
  async #fallSilent(by?: string): Promise<void> {
    this.#listening.settled();
    this.#mind.cancel();
    const cut = this.#mouth.interrupt(by);
    this.#replies.release();
    await cut;
  }

  #onSpoken(spoken: Spoken, { trace, to }: SpeechOptions): void {
    this.log.agent(spoken, { ...(to === undefined ? {} : { to }), ...this.#listening.overOf(spoken) });
    if (trace !== undefined) this.#context.tell({ type: 'trace', trace });
    if (this.#mouth.busy) return;
    this.#listening.agentSpeaking = false;
    this.#watch.listen();
  }

  /** Somebody is probably done. What is being said or comes first would change what is replied to. */
  #thinkAhead(next: SayingLine & { readonly speaker: string }): void {
    const { eager = true } = this.#context.options;
    if (!eager || this.#mouth.busy || this.#replies.busy) return;
    this.#mind.thinkAhead(next.speaker, this.#messages({ next }));
  }

  /** The conversation, up to what is replied to. */
  #messages(upTo: Pick<MessagesOptions, 'last' | 'next'> = {}): Message[] {
    const { several: named } = this.#listening.speakers;
    return this.log.messages(this.#context.options.system, { named, ...upTo });
  }
}
