import type { Cancel, NodeContext } from '@sluice/core';
import {
  categoryOf,
  type ModelSwitch,
  type OpenOptions,
  openInTime,
  type VoiceKind,
  type VoiceModel,
  type VoiceSession,
} from '@sluice/core/voice';
import { ReopenPause } from './reopen-pause.ts';

export interface ModelLineOptions<Item, Event, Settings> {
  readonly model: VoiceModel<VoiceKind, Item, Event, Settings>;
  readonly open: Pick<OpenOptions<Settings>, 'settings' | 'secrets'>;
  /** Whether one that is lost is opened anew. Default true; otherwise the node fails. */
  readonly reopen?: boolean;
  /** Takes an event; a promise holds the next one back. */
  readonly told: (event: Event) => void | Promise<void>;
  /** The session is lost; another is opened. */
  readonly lost?: (error: unknown) => void;
  /** A session is open: the first, or the next. */
  readonly opened?: () => void;
}

/**
 * A node's session with a model: opened with the node, read to its end, closed with it. One that is lost is opened anew,
 * however often; only a model that nothing helps (`give-up`) fails the node.
 */
export class ModelLine<Item, Event, Settings = unknown> {
  readonly #context: NodeContext;
  readonly #options: ModelLineOptions<Item, Event, Settings>;
  readonly #pause: ReopenPause;
  #session: VoiceSession<Item, Event, Settings> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #closed = false;
  #reading: Promise<void> = Promise.resolve();
  #cancel: Cancel = () => {};

  constructor(context: NodeContext, options: ModelLineOptions<Item, Event, Settings>) {
    this.#context = context;
    this.#options = options;
    this.#pause = new ReopenPause(context.clock);
    this.#open();
  }

  /** The session, when it is open. Throws what ended it for good. */
  get session(): VoiceSession<Item, Event, Settings> | undefined {
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#session;
  }

  /** Gives the session the next item. What a session no longer takes that is just being lost is lost with it. */
  write(item: Item): void | Promise<void> {
    try {
      return this.#session?.write(item);
    } catch (error) {
      this.#context.report(error);
    }
  }

  /** Ends the session in order: resolves when everything that was written is answered, and every answer taken. */
  async drain(): Promise<void> {
    await this.#session?.flush();
    this.close();
    await this.#session?.close();
    await this.#reading;
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
    void this.#session?.close().catch(() => {});
  }

  #open(): void {
    const { model, open } = this.#options;
    const { signal, clock, random } = this.#context;
    const onSwitch = ({ error }: ModelSwitch) => error !== undefined && this.#context.report(error);
    this.#reading = openInTime(model, { ...open, signal, clock, random, onSwitch })
      .then((session) => this.#read(session))
      .catch((error: unknown) => this.#lost(error));
  }

  async #read(session: VoiceSession<Item, Event, Settings>): Promise<void> {
    if (this.#closed) return session.close();
    this.#session = session;
    this.#pause.opened();
    this.#options.opened?.();
    this.#context.wake();
    try {
      for await (const event of session) {
        const taken = this.#options.told(event);
        if (taken !== undefined) await taken;
      }
    } catch (error) {
      // It may be well itself, and have told what nobody can use.
      void session.close().catch(() => {});
      throw error;
    }
  }

  #lost(error: unknown): void {
    if (this.#closed || this.#context.signal.aborted) return;
    this.#session = undefined;
    if (this.#options.reopen === false || categoryOf(error) === 'give-up') {
      this.#failure = { error };
      return this.#context.wake();
    }
    this.#context.report(error);
    this.#options.lost?.(error);
    this.#cancel = this.#pause.after(() => this.#open());
  }
}
