import { toError } from '@sluice/core';
import { categoryOf, type Message, type SpeechReplyEvent, type ToolCall } from '@sluice/core/voice';
import { type ToolResult, ToolRuns } from '../agent/tool-runs.ts';
import type { TurnTrace } from '../agent/turn-trace.ts';
import type { Watch } from '../agent/watch.ts';
import type { Turn } from '../turns/turn.ts';
import type { RealtimeContext } from './realtime-options.ts';
import type { SpeechLine } from './speech-line.ts';
import type { SpeechMouth } from './speech-mouth.ts';
import type { SpokenReply } from './spoken-reply.ts';
import type { SpokenRound } from './spoken-round.ts';

const APOLOGY = 'Sorry, I lost my thread. Could you say that again?';
/** How often a model may ask for tools before it has to answer. */
const MOST_ROUNDS = 8;
/** How often a reply of which nothing came is asked for again. */
const MOST_TRIES = 2;

/** A reply that the model is to give. */
interface Thought {
  readonly reply: SpokenReply;
  readonly trace: TurnTrace | undefined;
  readonly abort: AbortController;
  /** What it said and asked for, and what it was told, before it goes on. */
  readonly history: Message[];
  round: SpokenRound | undefined;
  instructions: string | undefined;
  calls: ToolCall[];
  /** Tools that run. */
  open: ToolCall[];
  rounds: number;
  tries: number;
  apologises: boolean;
}

/** Has a speech model answer, one reply after the other, and runs its tools. */
export class SpeechMind {
  readonly #context: RealtimeContext;
  readonly #mouth: SpeechMouth;
  readonly #watch: Watch;
  readonly #line: () => SpeechLine;
  readonly #onTools: (results: readonly ToolResult[]) => void;
  #current: Thought | undefined;
  readonly #waiting: Thought[] = [];

  /** `onTools` is told what the tools of one round answered, once, also when the reply is given up while they run. */
  constructor(
    context: RealtimeContext,
    mouth: SpeechMouth,
    watch: Watch,
    line: () => SpeechLine,
    onTools: (results: readonly ToolResult[]) => void,
  ) {
    this.#context = context;
    this.#mouth = mouth;
    this.#watch = watch;
    this.#line = line;
    this.#onTools = onTools;
  }

  /** What the reply under way has said to tools, which no log has. */
  get history(): readonly Message[] {
    return this.#current?.history ?? [];
  }

  /** Whether a reply is asked for of which nothing has come. */
  get awaits(): boolean {
    return this.#current?.trace !== undefined && !this.#current.reply.said && this.#current.history.length === 0;
  }

  /** Replies to a turn. */
  reply({ id, voicedEndMs, decidedMs, finalTextMs }: Turn): void {
    const trace: TurnTrace = { id, voicedEndMs, decidedMs, finalTextMs, interrupted: false, heardText: '' };
    this.#add(this.#mouth.begin(`r${id}`, trace), trace, undefined);
  }

  /** Says a text, as the model says it. */
  say(id: string, text: string): SpokenReply {
    const reply = this.#mouth.begin(id);
    this.#add(reply, undefined, exactly(text));
    return reply;
  }

  /** Gives up all it thinks of. */
  cancel(): void {
    const { open = [], abort } = this.#current ?? {};
    this.#current = undefined;
    this.#waiting.length = 0;
    abort?.abort();
    // A call without a result would stay open in the context.
    for (const { callId } of open)
      void this.#line().write({ type: 'tool-result', callId, text: 'error: given up, because the person spoke' });
    this.#line().cancel();
  }

  /** Gives the reply up that is thought of, as if it had never been asked for: what it answers is heard again. */
  abandon(): void {
    const thought = this.#current;
    if (thought === undefined) return;
    this.#current = undefined;
    this.#line().cancel();
    this.#mouth.abandon(thought.reply);
  }

  /** The session was lost. What has sounded is over; what has not is asked for again. */
  onLost(error: Error): void {
    const thought = this.#current;
    // While tools run nothing is asked for: their results are told to the next session.
    if (thought?.round === undefined) return;
    this.#giveUp(thought, error);
  }

  told(event: SpeechReplyEvent): void {
    const thought = this.#current;
    const round = thought?.round;
    if (thought === undefined || round === undefined || event.id !== round.id) return;
    switch (event.type) {
      case 'reply-started':
        return;
      case 'audio':
        return this.#sound(thought, round, event);
      case 'text':
        round.text += event.text;
        return;
      case 'tool-call':
        thought.calls.push({ callId: event.callId, name: event.name, arguments: event.arguments });
        return;
      case 'failed':
        return this.#fail(thought, event.error);
      case 'finished':
        return this.#finish(thought, round);
    }
  }

  #add(reply: SpokenReply, trace: TurnTrace | undefined, instructions: string | undefined): void {
    const state = { history: [], round: undefined, calls: [], open: [], rounds: 0, tries: 0, apologises: false };
    this.#waiting.push({ reply, trace, instructions, abort: new AbortController(), ...state });
    this.#next();
  }

  #next(): void {
    if (this.#current !== undefined) return;
    this.#current = this.#waiting.shift();
    if (this.#current !== undefined) this.#ask(this.#current);
  }

  #ask(thought: Thought): void {
    thought.calls = [];
    thought.round = this.#mouth.beginRound(thought.reply);
    const { id } = thought.round;
    this.#watch.think((error) => {
      if (thought.round?.id !== id || this.#current !== thought) return;
      // A session that is silent for so long is lost, whatever it thinks of itself.
      if (this.#line().isOpen) this.#line().restart(error);
      else this.#fail(thought, error);
    });
    this.#line().respond(id, thought.instructions);
  }

  #sound(thought: Thought, round: SpokenRound, event: SpeechReplyEvent & { readonly type: 'audio' }): void {
    const { trace } = thought;
    const now = this.#context.graph.clock.now();
    if (trace !== undefined) {
      trace.firstTokenMs ??= now;
      trace.firstSentenceMs ??= now;
      trace.firstByteMs ??= now;
    }
    const isFirst = round.audioMs === 0;
    if (!this.#mouth.sound(round, event)) {
      const error = new Error(`the model said more than ${Math.round(round.audioMs)} ms that nobody could hear yet`);
      return this.#fail(thought, error);
    }
    if (isFirst) this.#watch.voice('thinking');
  }

  #finish(thought: Thought, round: SpokenRound): void {
    this.#mouth.endRound(round);
    if (thought.calls.length > 0) return void this.#runTools(thought, round);
    if (!thought.reply.said) return this.#fail(thought, new Error('the model answered with nothing that can be heard'));
    this.#end(thought);
  }

  async #runTools(thought: Thought, round: SpokenRound): Promise<void> {
    const { calls, abort } = thought;
    if (++thought.rounds > MOST_ROUNDS)
      return this.#fail(thought, new Error(`the model asked for tools ${MOST_ROUNDS} times in a row`));
    thought.round = undefined;
    thought.open = [...calls];
    thought.history.push({ role: 'assistant', text: round.text.trim(), calls });
    const { graph, options, bounds, tell } = this.#context;
    const { clock } = graph;
    const runs = new ToolRuns({
      clock,
      tools: options.tools ?? {},
      toolMs: bounds.toolMs,
      onProgress: ({ call, text }) =>
        tell({ type: 'tool-progress', tool: call.name, callId: call.callId, text, atMs: clock.now() }),
    });
    const results = await runs.run(calls, abort.signal);
    this.#onTools(results);
    if (this.#current !== thought) return;
    thought.open = [];
    for (const { call, text } of results) {
      thought.history.push({ role: 'tool', callId: call.callId, text });
      void this.#line().write({ type: 'tool-result', callId: call.callId, text });
    }
    this.#ask(thought);
  }

  #fail(thought: Thought, error: Error): void {
    this.#context.tell({ type: 'problem', error: toError(error) });
    this.#giveUp(thought, error);
  }

  /** What has sounded is over. Otherwise the reply is asked for again, and when that helps nobody, an apology. */
  #giveUp(thought: Thought, error: Error): void {
    const { round, reply } = thought;
    if (round !== undefined) this.#mouth.endRound(round, true);
    thought.round = undefined;
    this.#line().cancel();
    if (reply.said) return this.#end(thought);
    if (categoryOf(error) !== 'give-up' && thought.tries++ < MOST_TRIES && !thought.apologises)
      return this.#ask(thought);
    if (thought.apologises) return this.#end(thought);
    thought.apologises = true;
    const { graph, tell } = this.#context;
    tell({ type: 'apology', atMs: graph.clock.now() });
    thought.instructions = exactly(this.#context.options.apology ?? APOLOGY);
    this.#ask(thought);
  }

  #end(thought: Thought): void {
    thought.reply.end();
    if (this.#current !== thought) return;
    this.#current = undefined;
    this.#next();
  }
}

function exactly(text: string): string {
  return `Say exactly this, word for word, and nothing else: ${JSON.stringify(text)}`;
}
