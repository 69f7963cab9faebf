import type { Message } from '@sluice/core/voice';
import type { Utterance } from '../saying/say-queue.ts';
import type { Turn } from '../turns/turn.ts';
import type { AgentContext } from './agent-context.ts';
import type { Mouth } from './mouth.ts';
import { ReplyLine } from './reply-line.ts';
import type { ToolProgress, ToolResult } from './tool-runs.ts';
import type { TurnTrace } from './turn-trace.ts';
import type { Watch } from './watch.ts';

const APOLOGY = 'Sorry, I lost my thread. Could you say that again?';

export interface MindListener {
  /** What tools answered. */
  readonly onTools: (results: readonly ToolResult[]) => void;
  /** A tool in the background has an answer. */
  readonly onLater: (result: ToolResult) => void;
  /** A tool in the background wants something said. */
  readonly onSay: (text: string) => void;
}

/** Thinks of a reply to a turn and lets the mouth say it: by the model, or by what is said instead of it. */
export class Mind {
  readonly #context: AgentContext;
  readonly #mouth: Mouth;
  readonly #watch: Watch;
  readonly #listener: MindListener;
  readonly #replies: ReplyLine;
  /** For whom a reply is thought of who may not be done. */
  #ahead: string | undefined;
  #said = 0;

  constructor(context: AgentContext, mouth: Mouth, watch: Watch, listener: MindListener) {
    const { graph, options, bounds } = context;
    const { model, tools } = options;
    this.#context = context;
    this.#mouth = mouth;
    this.#watch = watch;
    this.#listener = listener;
    this.#replies = new ReplyLine({
      model,
      clock: graph.clock,
      random: graph.random,
      toolMs: bounds.toolMs,
      onProgress: (progress) => this.#progress(progress),
      onLater: listener.onLater,
      onAhead: (outcome) => context.tell({ type: 'head-start', outcome, atMs: graph.clock.now() }),
      ...(tools === undefined ? {} : { tools }),
    });
  }

  /** Replies to somebody's turn, with the conversation up to it. */
  reply(turn: Turn, to: string, messages: readonly Message[]): Utterance {
    const { id, voicedEndMs, decidedMs, finalTextMs, rejected } = turn;
    const { notUnderstood } = this.#context.options;
    const begunMs = this.#context.graph.clock.now();
    const trace: TurnTrace = { id, voicedEndMs, decidedMs, begunMs, finalTextMs, interrupted: false, heardText: '' };
    const utterance = this.#mouth.begin(`r${id}`, { trace, to });
    if (!rejected || notUnderstood === undefined) this.#think(utterance, { trace, to }, messages);
    else {
      this.dropAhead(to);
      utterance.push(notUnderstood);
      utterance.end();
    }
    return utterance;
  }

  /** Thinks of a reply to somebody who may be done. Nothing of it is said before `reply`, with the same messages. */
  thinkAhead(to: string, messages: readonly Message[]): void {
    // Who came first is answered first.
    if (this.#replies.isAhead && this.#ahead !== to) return;
    this.#ahead = to;
    this.#replies.askAhead(messages);
  }

  /** They go on, or need no reply. */
  dropAhead(to: string): void {
    if (this.#replies.isAhead && this.#ahead === to) this.#replies.cancel();
  }

  /** Replies to the conversation as it is, of its own accord. */
  replyLater(id: string, messages: readonly Message[]): void {
    this.#think(this.#mouth.begin(id), {}, messages);
  }

  /** Gives up what it thinks of. */
  cancel(): void {
    this.#replies.cancel();
  }

  close(): void {
    this.#replies.close();
  }

  #think(
    utterance: Utterance,
    about: { readonly trace?: TurnTrace; readonly to?: string },
    messages: readonly Message[],
  ): void {
    const { trace, to } = about;
    const { graph, options, tell } = this.#context;
    let said = false;
    const fail = (error: Error) => {
      this.#replies.cancel();
      tell({ type: 'problem', error });
      if (!said) {
        tell({ type: 'apology', atMs: graph.clock.now() });
        utterance.push(options.apology ?? APOLOGY);
      }
      utterance.end();
      // What is said instead may hang in its turn.
      this.#watch.voice('thinking');
    };
    const stopFiller = trace === undefined ? () => {} : this.#fillAfter(trace.id, to);
    void utterance.finished.then(stopFiller);
    this.#watch.think(fail);
    this.#replies.ask(messages, {
      onText: (text) => {
        stopFiller();
        if (trace !== undefined) trace.firstTokenMs ??= graph.clock.now();
        utterance.push(text);
        said ||= /[\p{L}\p{N}]/u.test(text);
        if (said) this.#watch.voice('thinking');
      },
      onCalls: (maxMs) => {
        // It is heard while they run.
        utterance.flush();
        if (!said) this.#watch.think(fail, maxMs);
      },
      onTools: this.#listener.onTools,
      onFinished: () => (said ? utterance.end() : fail(new Error('the model answered with nothing that can be said'))),
      onFailed: fail,
    });
  }

  #progress({ call, text, say, background }: ToolProgress): void {
    const { graph, tell } = this.#context;
    tell({ type: 'tool-progress', tool: call.name, callId: call.callId, text, atMs: graph.clock.now() });
    if (!say) return;
    // Within a reply it stands in front of what the model makes of the result, like the filler.
    if (background) this.#listener.onSay(text);
    else this.#mouth.say(`p${++this.#said}`, text);
  }

  /** Says the filler when the reply keeps people waiting. It stands in front of the reply, which has no sentence yet. */
  #fillAfter(id: number, to: string | undefined): () => void {
    const { graph, options } = this.#context;
    const { filler } = options;
    if (filler === undefined) return () => {};
    return graph.clock.at(
      graph.clock.now() + filler.afterMs,
      () => void this.#mouth.say(`f${id}`, filler.text, to === undefined ? {} : { to }),
    );
  }
}
