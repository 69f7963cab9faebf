import { type Clock, toError } from '@sluice/core';
import {
  type LanguageModel,
  type LanguageModelEvent,
  type LanguageModelSession,
  type Message,
  openInTime,
  type Tool,
  type ToolCall,
} from '@sluice/core/voice';
import { unspelled } from '../turns/unspelled.ts';
import type { AgentTool } from './agent-tool.ts';
import { type ToolProgress, type ToolResult, ToolRuns } from './tool-runs.ts';

export interface ReplyListener {
  readonly onText: (text: string) => void;
  /** Tools begin to run, which may take so long, in milliseconds. */
  readonly onCalls: (maxMs: number) => void;
  /** What the tools of one round answered. Told once, also when the reply is given up while they run. */
  readonly onTools: (results: readonly ToolResult[]) => void;
  /** The reply is complete. */
  readonly onFinished: () => void;
  readonly onFailed: (error: Error) => void;
}

export interface ReplyLineOptions {
  readonly model: LanguageModel;
  readonly clock: Clock;
  /** Numbers from 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
  readonly settings?: object;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly tools?: Readonly<Record<string, AgentTool>>;
  /** The longest that a tool may take that says nothing of it, in milliseconds. Default 5,000. */
  readonly toolMs?: number;
  readonly onProgress?: (progress: ToolProgress) => void;
  /** A tool in the background is done. */
  readonly onLater?: (result: ToolResult) => void;
  /** A reply that was asked for ahead is wanted, or was given up. */
  readonly onAhead?: (outcome: 'used' | 'dropped') => void;
}

/** How often a model may ask for tools before it has to answer. */
const MOST_ROUNDS = 8;

/** What is kept of a reply that was asked for ahead, in events: one that is longer is asked for again when its time comes. */
const MOST_HELD = 4_000;

interface Reply {
  readonly id: string;
  /** Undefined until it is known that it is wanted. */
  listener: ReplyListener | undefined;
  /** What the model has told by then. */
  readonly held: LanguageModelEvent[];
  readonly messages: Message[];
  readonly abort: AbortController;
  calls: ToolCall[];
  said: string;
  rounds: number;
}

/** Asks a language model for one reply at a time and runs its tools. What was given up tells nothing any more. */
export class ReplyLine {
  readonly #options: ReplyLineOptions;
  readonly #tools: Tool[];
  readonly #runs: ToolRuns;
  readonly #closing = new AbortController();
  #session: LanguageModelSession | undefined;
  #opening: Promise<LanguageModelSession> | undefined;
  #reply: Reply | undefined;
  #epoch = 0;
  #count = 0;

  constructor(options: ReplyLineOptions) {
    const { clock, tools = {}, toolMs = 5_000, onProgress, onLater } = options;
    this.#options = options;
    this.#runs = new ToolRuns({
      clock,
      tools,
      toolMs,
      ...(onProgress && { onProgress }),
      ...(onLater && { onLater }),
    });
    this.#tools = Object.entries(tools).map(([name, { description, parameters = { type: 'object' } }]) => ({
      name,
      description,
      parameters,
    }));
  }

  /**
   * Asks for a reply to a conversation. One that is under way is given up, unless it was asked for ahead and to the same:
   * what has come of it is told at once.
   */
  ask(messages: readonly Message[], listener: ReplyListener): void {
    const ahead = this.#reply;
    if (ahead === undefined || !this.isAhead || !isSame(ahead.messages, messages))
      return this.#begin(messages, listener);
    ahead.listener = listener;
    this.#options.onAhead?.('used');
    for (const event of ahead.held.splice(0)) this.#take(event);
  }

  /**
   * Asks for a reply to what the conversation may be by and by. Until `ask` wants it nothing of it is told and none of its
   * tools runs; `cancel` gives it up.
   */
  askAhead(messages: readonly Message[]): void {
    if (!this.isAhead || !isSame(this.#reply!.messages, messages)) this.#begin(messages, undefined);
  }

  /** Whether a reply was asked for ahead, of which it is not known yet whether it is wanted. */
  get isAhead(): boolean {
    return this.#reply !== undefined && this.#reply.listener === undefined;
  }

  /** Gives the reply up: neither text nor end of it is told from now on, but what its tools have answered. */
  cancel(): void {
    const wasAhead = this.isAhead;
    this.#reply?.abort.abort();
    this.#reply = undefined;
    this.#epoch++;
    this.#session?.cancel(this.#epoch);
    if (wasAhead) this.#options.onAhead?.('dropped');
  }

  close(): void {
    this.cancel();
    this.#runs.close();
    this.#closing.abort();
  }

  #begin(messages: readonly Message[], listener: ReplyListener | undefined): void {
    this.cancel();
    const abort = new AbortController();
    this.#reply = { id: '', listener, held: [], messages: [...messages], abort, calls: [], said: '', rounds: 0 };
    void this.#send(this.#reply);
  }

  async #send(reply: Reply): Promise<void> {
    try {
      const session = await this.#open();
      if (this.#reply !== reply) return;
      // The session counts from its own beginning: one that was opened anew knows of no epoch.
      session.cancel(this.#epoch);
      const id = `${++this.#count}`;
      Object.assign(reply, { id });
      const tools = this.#tools.length === 0 ? {} : { tools: this.#tools };
      await session.write({ id, epoch: this.#epoch, messages: reply.messages, ...tools });
    } catch (error) {
      this.#fail(reply, error);
    }
  }

  #open(): Promise<LanguageModelSession> {
    this.#opening ??= this.#openOnce();
    return this.#opening;
  }

  async #openOnce(): Promise<LanguageModelSession> {
    const { model, clock, random, settings, secrets } = this.#options;
    try {
      const options = {
        clock,
        signal: this.#closing.signal,
        ...(random && { random }),
        ...(settings && { settings }),
        ...(secrets && { secrets }),
      };
      const session = await openInTime(model as LanguageModel<object>, options);
      this.#session = session;
      void this.#read(session);
      return session;
    } catch (error) {
      // The next reply tries again.
      this.#opening = undefined;
      throw error;
    }
  }

  async #read(session: LanguageModelSession): Promise<void> {
    let error: unknown = new Error('the language model has closed its session');
    try {
      for await (const event of session) this.#take(event);
    } catch (reason) {
      error = reason;
    }
    this.#session = undefined;
    this.#opening = undefined;
    if (this.#reply !== undefined) this.#fail(this.#reply, error);
  }

  #take(event: LanguageModelEvent): void {
    const reply = this.#reply;
    if (reply === undefined || event.id !== reply.id) return;
    const { listener } = reply;
    if (listener === undefined) return this.#hold(reply, event);
    switch (event.type) {
      case 'text':
        reply.said += event.text;
        return listener.onText(event.text);
      case 'tool-call':
        reply.calls.push({ callId: event.callId, name: event.name, arguments: event.arguments });
        return;
      case 'failed':
        return this.#fail(reply, event.error);
      case 'finished':
        if (reply.calls.length > 0) return void this.#runTools(reply, listener);
        this.#reply = undefined;
        return listener.onFinished();
    }
  }

  /** What went wrong while nobody wanted it is no fault: it is asked for again when somebody does. */
  #hold(reply: Reply, event: LanguageModelEvent): void {
    if (event.type === 'failed') return this.#fail(reply, event.error);
    if (reply.held.push(event) > MOST_HELD) this.cancel();
  }

  async #runTools(reply: Reply, listener: ReplyListener): Promise<void> {
    if (++reply.rounds > MOST_ROUNDS)
      return this.#fail(reply, new Error(`the model asked for tools ${MOST_ROUNDS} times in a row`));
    const { calls, said } = reply;
    reply.calls = [];
    reply.said = '';
    listener.onCalls(this.#runs.boundOf(calls));
    const results = await this.#runs.run(calls, reply.abort.signal);
    // Also of a reply that was given up: a tool that ran has had its effect, and the model has to know.
    listener.onTools(results);
    if (this.#reply !== reply) return;
    reply.messages.push({ role: 'assistant', text: said, calls });
    for (const { call, text } of results) reply.messages.push({ role: 'tool', callId: call.callId, text });
    await this.#send(reply);
  }

  #fail(reply: Reply, error: unknown): void {
    if (this.#reply !== reply) return;
    const { listener } = reply;
    if (listener === undefined) return this.cancel();
    this.#reply = undefined;
    reply.abort.abort();
    listener.onFailed(toError(error));
  }
}

/** Whether a model would be told the same, but for how it is spelled what people say. */
function isSame(one: readonly Message[], other: readonly Message[]): boolean {
  const plain = (message: Message) =>
    JSON.stringify(message.role === 'user' ? { ...message, text: unspelled(message.text) } : message);
  return one.length === other.length && one.every((message, index) => plain(message) === plain(other[index]!));
}
