import type { NodeContext } from '@sluice/core';
import {
  categoryOf,
  type SpeechRequest,
  type Synthesizer,
  type SynthesizerEvent,
  type SynthesizerSession,
} from '@sluice/core/voice';

export interface SynthesizerLineOptions {
  /** The first, and those that take over. */
  readonly synthesizers: readonly Synthesizer[];
  readonly first: { readonly settings: object; readonly secrets: Readonly<Record<string, string>> };
  /** Takes an event; a promise holds the next one back. A `failed` is told only when none is left to try. */
  readonly told: (event: SynthesizerEvent) => void | Promise<void>;
}

/** A sentence on its way, and whether anything of it has come: then nobody else may begin it again. */
interface Request extends SpeechRequest {
  tries: number;
  begun: boolean;
}

/** Synthesizers of which one speaks: when it is lost or cannot say a sentence, the next takes over what has not begun. */
export class SynthesizerLine {
  readonly #context: NodeContext;
  readonly #options: SynthesizerLineOptions;
  readonly #requests = new Map<string, Request>();
  #session: SynthesizerSession | undefined;
  #index = 0;
  #epoch = 0;
  #failure: { readonly error: unknown } | undefined;
  #closed = false;

  constructor(context: NodeContext, options: SynthesizerLineOptions) {
    this.#context = context;
    this.#options = options;
    this.#open();
  }

  /** Whether requests are taken. Throws what ended the last synthesizer. */
  get isOpen(): boolean {
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#session !== undefined;
  }

  ask(request: SpeechRequest): void {
    const own = { ...request, tries: 0, begun: false };
    this.#requests.set(own.id, own);
    this.#write(own);
  }

  cancel(epoch: number): void {
    this.#epoch = epoch;
    for (const [id, request] of this.#requests) if (request.epoch < epoch) this.#requests.delete(id);
    this.#session?.cancel(epoch);
  }

  update(settings: object): void {
    this.#session?.update(settings as never);
  }

  close(): void {
    this.#closed = true;
    void this.#session?.close().catch(() => {});
  }

  #open(): void {
    const { synthesizers, first } = this.#options;
    const { signal, clock } = this.#context;
    const options = { signal, clock, ...(this.#index === 0 ? first : {}) };
    clock
      .track(synthesizers[this.#index]!.open(options as never))
      .then((session) => this.#read(session))
      .then(
        () => {},
        (error: unknown) => this.#lost(error),
      );
  }

  async #read(session: SynthesizerSession): Promise<void> {
    if (this.#closed) return session.close();
    this.#session = session;
    session.cancel(this.#epoch);
    for (const request of this.#requests.values()) this.#write(request);
    this.#context.wake();
    for await (const event of session) {
      // Given up: what it still has is said by the next, in its order.
      if (this.#session !== session) return;
      const taken = this.#take(event);
      if (taken !== undefined) await taken;
    }
  }

  #take(event: SynthesizerEvent): void | Promise<void> {
    const request = this.#requests.get(event.id);
    if (request === undefined) return;
    if (event.type === 'failed' && this.#retries(request, event.error)) return;
    if (event.type === 'audio') request.begun = true;
    if (event.type === 'finished' || event.type === 'failed') this.#requests.delete(event.id);
    return this.#options.told(event);
  }

  /** Whether a sentence that failed is tried again, here or by the next. */
  #retries(request: Request, error: Error): boolean {
    if (request.begun) return false;
    const category = categoryOf(error);
    if (category === 'retry' && request.tries++ === 0) {
      this.#reopen(this.#index);
      return true;
    }
    if (this.#index + 1 >= this.#options.synthesizers.length) return false;
    this.#context.report(error);
    this.#reopen(this.#index + 1);
    return true;
  }

  #lost(error: unknown): void {
    if (this.#closed || this.#context.signal.aborted) return;
    this.#session = undefined;
    if (this.#index + 1 < this.#options.synthesizers.length) {
      this.#context.report(error);
      return this.#reopen(this.#index + 1);
    }
    this.#failure = { error };
    this.#context.wake();
  }

  /** Opens a synthesizer in place of the one that is open: it is asked for everything anew, so that the order stays. */
  #reopen(index: number): void {
    const before = this.#session;
    this.#session = undefined;
    this.#index = index;
    void before?.close().catch(() => {});
    // What had begun is over: nobody says the rest of a sentence in another voice.
    for (const [id, { epoch, begun }] of this.#requests) if (begun) void this.#take({ type: 'finished', id, epoch });
    this.#open();
  }

  #write(request: SpeechRequest): void {
    void this.#session?.write(request);
  }
}
