// A whole conversation: ears, turns, a language model and a voice, wired into a graph and watched. No model and no call.

import { type Cancel, type Graph, sleep } from '@sluice/core';
import type { Spoken } from '../saying/utterance.ts';
import type { Turn } from '../turns/turn-taker.ts';
import type { AgentContext } from './agent-context.ts';
import type { VoiceAgentOptions } from './agent-options.ts';
import { checkAgentOptions, defaultBounds } from './check-agent-options.ts';
import { ConversationLog } from './conversation-log.ts';
import { Ears } from './ears.ts';
import type { SessionState } from './liveness.ts';
import { Mind } from './mind.ts';
import { Mouth } from './mouth.ts';
import { Watch } from './watch.ts';

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

class AgentSession implements VoiceAgent {
  readonly log: ConversationLog;
  readonly #context: AgentContext;
  readonly #watch: Watch;
  readonly #ears: Ears;
  readonly #mouth: Mouth;
  readonly #mind: Mind;
  #count = 0;
  #stopWaiting: Cancel = () => {};

  constructor(graph: Graph, options: VoiceAgentOptions) {
    const context: AgentContext = {
      graph,
      options,
      bounds: { ...defaultBounds, ...options.bounds },
      tell: (event) => options.onEvent?.(event),
    };
    this.#context = context;
    this.log = new ConversationLog((entry) => context.tell({ type: 'logged', entry }));
    this.#watch = new Watch(context, {
      isBusy: () => this.#mouth.busy,
      giveVoiceUp: () => void this.interrupt(),
    });
    this.#ears = new Ears(context, options.hears, {
      onTurn: (turn) => void this.#answer(turn),
      onSuspect: () => this.#mouth.pause(),
      onInterrupt: () => void this.interrupt(),
      onFalseAlarm: () => this.#mouth.resume(),
      onQuiet: () => this.#watch.listen(),
      hears: () => !this.#watch.isMuted,
    });
    this.#mouth = new Mouth(context, {
      onBegin: (trace) => {
        this.#ears.agentSpeaking = true;
        if (trace === undefined) this.#watch.voice('thinking');
      },
      onProgress: () => this.#watch.voice(),
      onSpoken: (spoken, trace) => {
        this.log.agent(spoken);
        if (trace !== undefined) context.tell({ type: 'trace', trace });
        if (this.#mouth.busy) return;
        this.#ears.agentSpeaking = false;
        this.#watch.listen();
      },
    });
    this.#mind = new Mind(context, this.#mouth, this.#watch);
    this.#watch.listen();
  }

  get state(): SessionState {
    return this.#watch.state;
  }

  async prefetch(): Promise<void> {
    const { detector, recognizer, model, synthesizer, fallbacks = [] } = this.#context.options;
    await Promise.all([detector, recognizer, model, synthesizer, ...fallbacks].map((one) => one.prefetch()));
  }

  async say(text: string, { polite = false }: { readonly polite?: boolean } = {}): Promise<Spoken> {
    const isTaken = () => this.#ears.taken || this.#mouth.busy;
    while (polite && isTaken() && !this.#watch.isEnded) await sleep(this.#context.graph.clock, POLITE_MS);
    return this.#mouth.say(`s${++this.#count}`, text).finished;
  }

  interrupt(): Promise<void> {
    this.#mind.cancel();
    return this.#mouth.interrupt();
  }

  mute(by: string): void {
    this.#watch.mute(by, () => this.unmute());
    void this.interrupt();
  }

  unmute(): void {
    if (this.#watch.isMuted) this.#watch.listen(true);
  }

  setCompany(present: boolean): void {
    const { graph, bounds } = this.#context;
    const { clock } = graph;
    this.#stopWaiting();
    this.#stopWaiting = present ? () => {} : clock.at(clock.now() + bounds.aloneMs, () => this.end());
  }

  end(): void {
    this.#stopWaiting();
    this.#mind.close();
    this.#mouth.close();
    this.#ears.close();
    this.#watch.end();
  }

  async #answer(turn: Turn): Promise<void> {
    this.log.person(turn);
    this.#context.tell({ type: 'turn', turn });
    if (this.#watch.isMuted) return;
    // What was heard of the reply before belongs into the log before the next one is thought of.
    await this.#mouth.cut;
    if (this.#watch.isEnded) return;
    this.#mind.reply(turn, () => this.log.messages(this.#context.options.system));
  }
}
