import type { Message } from '@sluice/core/voice';
import type { Utterance } from '../saying/say-queue.ts';
import type { Turn } from '../turns/turn-taker.ts';
import type { AgentContext } from './agent-context.ts';
import type { Mouth } from './mouth.ts';
import { ReplyLine } from './reply-line.ts';
import type { TurnTrace } from './turn-trace.ts';
import type { Watch } from './watch.ts';

const APOLOGY = 'Sorry, I lost my thread. Could you say that again?';

/** Thinks of a reply to a turn and lets the mouth say it: by the model, or by what is said instead of it. */
export class Mind {
  readonly #context: AgentContext;
  readonly #mouth: Mouth;
  readonly #watch: Watch;
  readonly #replies: ReplyLine;

  constructor(context: AgentContext, mouth: Mouth, watch: Watch) {
    const { graph, options, bounds } = context;
    const { model, tools } = options;
    this.#context = context;
    this.#mouth = mouth;
    this.#watch = watch;
    this.#replies = new ReplyLine({
      model,
      clock: graph.clock,
      toolMs: bounds.toolMs,
      ...(tools === undefined ? {} : { tools }),
    });
  }

  /** Replies to somebody's turn, with the conversation up to it. */
  reply(turn: Turn, to: string, messages: readonly Message[]): Utterance {
    const { id, voicedEndMs, decidedMs, finalTextMs, rejected } = turn;
    const { notUnderstood } = this.#context.options;
    const trace: TurnTrace = { id, voicedEndMs, decidedMs, finalTextMs, interrupted: false, heardText: '' };
    const utterance = this.#mouth.begin(`r${id}`, { trace, to });
    if (!rejected || notUnderstood === undefined) this.#think(utterance, trace, to, messages);
    else {
      utterance.push(notUnderstood);
      utterance.end();
    }
    return utterance;
  }

  /** Gives up what it thinks of. */
  cancel(): void {
    this.#replies.cancel();
  }

  close(): void {
    this.#replies.close();
  }

  #think(utterance: Utterance, trace: TurnTrace, to: string, messages: readonly Message[]): void {
    const { graph, options, tell } = this.#context;
    let said = false;
    const fail = (error: Error) => {
      this.#replies.cancel();
      tell({ type: 'problem', error });
      if (!said) utterance.push(options.apology ?? APOLOGY);
      utterance.end();
    };
    const stopFiller = this.#fillAfter(trace.id, to);
    void utterance.finished.then(stopFiller);
    this.#watch.think(fail);
    this.#replies.ask(messages, {
      onText: (text) => {
        stopFiller();
        trace.firstTokenMs ??= graph.clock.now();
        said ||= /[\p{L}\p{N}]/u.test(text);
        utterance.push(text);
        if (said) this.#watch.voice('thinking');
      },
      onFinished: () => (said ? utterance.end() : fail(new Error('the model answered with nothing that can be said'))),
      onFailed: fail,
    });
  }

  /** Says the filler when the reply keeps people waiting. It stands in front of the reply, which has no sentence yet. */
  #fillAfter(id: number, to: string): () => void {
    const { graph, options } = this.#context;
    const { filler } = options;
    if (filler === undefined) return () => {};
    return graph.clock.at(
      graph.clock.now() + filler.afterMs,
      () => void this.#mouth.say(`f${id}`, filler.text, { to }),
    );
  }
}
