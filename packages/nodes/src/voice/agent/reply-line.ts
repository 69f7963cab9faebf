import { type Clock, toError } from '@sluice/core';
import type {
  LanguageModel,
  LanguageModelEvent,
  LanguageModelSession,
  Message,
  Tool,
  ToolCall,
} from '@sluice/core/voice';

/** Something the model may have done. */
export interface AgentTool {
  readonly description: string;
  /** JSON Schema of its arguments. Default: none. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** What it returns is told to the model. `signal` aborts when the reply is given up. */
  readonly run: (
    args: Readonly<Record<string, unknown>>,
    context: { readonly signal: AbortSignal },
  ) => string | Promise<string>;
}

export interface ReplyListener {
  readonly onText: (text: string) => void;
  /** The reply is complete. */
  readonly onFinished: () => void;
  readonly onFailed: (error: Error) => void;
}

export interface ReplyLineOptions {
  readonly model: LanguageModel;
  readonly clock: Clock;
  readonly settings?: object;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly tools?: Readonly<Record<string, AgentTool>>;
  /** The longest that a tool may take, in milliseconds. Default 5,000. */
  readonly toolMs?: number;
}

/** How often a model may ask for tools before it has to answer. */
const MOST_ROUNDS = 8;

interface Reply {
  readonly id: string;
  readonly listener: ReplyListener;
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
  readonly #closing = new AbortController();
  #session: LanguageModelSession | undefined;
  #opening: Promise<LanguageModelSession> | undefined;
  #reply: Reply | undefined;
  #epoch = 0;
  #count = 0;

  constructor(options: ReplyLineOptions) {
    this.#options = options;
    this.#tools = Object.entries(options.tools ?? {}).map(
      ([name, { description, parameters = { type: 'object' } }]) => ({
        name,
        description,
        parameters,
      }),
    );
  }

  /** Asks for a reply to a conversation. One that is under way is given up. */
  ask(messages: readonly Message[], listener: ReplyListener): void {
    this.cancel();
    const abort = new AbortController();
    this.#reply = {
      id: '',
      listener,
      messages: [...messages],
      abort,
      calls: [],
      said: '',
      rounds: 0,
    };
    void this.#send(this.#reply);
  }

  /** Gives the reply up: neither text nor end of it is told from now on. */
  cancel(): void {
    this.#reply?.abort.abort();
    this.#reply = undefined;
    this.#epoch++;
    this.#session?.cancel(this.#epoch);
  }

  close(): void {
    this.cancel();
    this.#closing.abort();
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
    const { model, clock, settings, secrets } = this.#options;
    try {
      const options = {
        clock,
        signal: this.#closing.signal,
        ...(settings && { settings }),
        ...(secrets && { secrets }),
      };
      const session = await clock.track(model.open(options));
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
    switch (event.type) {
      case 'text':
        reply.said += event.text;
        return reply.listener.onText(event.text);
      case 'tool-call':
        reply.calls.push({ callId: event.callId, name: event.name, arguments: event.arguments });
        return;
      case 'failed':
        return this.#fail(reply, event.error);
      case 'finished':
        if (reply.calls.length > 0) return void this.#runTools(reply);
        this.#reply = undefined;
        return reply.listener.onFinished();
    }
  }

  async #runTools(reply: Reply): Promise<void> {
    if (++reply.rounds > MOST_ROUNDS)
      return this.#fail(reply, new Error(`the model asked for tools ${MOST_ROUNDS} times in a row`));
    const calls = reply.calls;
    reply.calls = [];
    reply.messages.push({ role: 'assistant', text: reply.said, calls });
    reply.said = '';
    for (const call of calls) {
      const text = await this.#runTool(call, reply.abort.signal);
      if (this.#reply !== reply) return;
      reply.messages.push({ role: 'tool', callId: call.callId, text });
    }
    await this.#send(reply);
  }

  /** What a tool returns, or what went wrong: the model is told either. */
  async #runTool({ name, arguments: args }: { name: string; arguments: object }, signal: AbortSignal): Promise<string> {
    const { tools = {}, toolMs = 5_000, clock } = this.#options;
    const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
    if (tool === undefined) return `error: there is no tool ${name}`;
    let cancel = () => {};
    const late = new Promise<string>((resolve) => {
      const stop = clock.at(clock.now() + toolMs, () => resolve(`error: ${name} took longer than ${toolMs} ms`));
      signal.addEventListener('abort', () => resolve('error: given up'), { once: true });
      cancel = stop;
    });
    const work = (async () => tool.run({ ...args }, { signal }))().catch(
      (error: unknown) => `error: ${toError(error).message}`,
    );
    try {
      return await Promise.race([work, late]);
    } finally {
      cancel();
    }
  }

  #fail(reply: Reply, error: unknown): void {
    if (this.#reply !== reply) return;
    this.#reply = undefined;
    reply.abort.abort();
    reply.listener.onFailed(toError(error));
  }
}
