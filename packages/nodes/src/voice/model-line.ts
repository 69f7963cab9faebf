import type { NodeContext } from '@sluice/core';
import type { ModelSwitch, OpenOptions, VoiceKind, VoiceModel, VoiceSession } from '@sluice/core/voice';

export interface ModelLineOptions<Item, Event, Settings> {
  readonly model: VoiceModel<VoiceKind, Item, Event, Settings>;
  readonly open: Pick<OpenOptions<Settings>, 'settings' | 'secrets'>;
  /** Takes an event; a promise holds the next one back. */
  readonly told: (event: Event) => void | Promise<void>;
  /** The model is lost. Default: the node fails. */
  readonly lost?: (error: unknown) => void;
}

/** A node's session with a model: opened with the node, read to its end, closed with it. */
export class ModelLine<Item, Event, Settings = unknown> {
  readonly #options: ModelLineOptions<Item, Event, Settings>;
  readonly #wake: () => void;
  #session: VoiceSession<Item, Event, Settings> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #closed = false;
  readonly #reading: Promise<void>;

  constructor(context: NodeContext, options: ModelLineOptions<Item, Event, Settings>) {
    this.#options = options;
    this.#wake = () => context.wake();
    const { model, open, lost } = options;
    const onSwitch = ({ error }: ModelSwitch) => error !== undefined && context.report(error);
    const opening = model.open({ ...open, signal: context.signal, clock: context.clock, onSwitch });
    this.#reading = context.clock
      .track(opening)
      .then((session) => this.#read(session))
      .catch((error: unknown) => {
        if (this.#closed || context.signal.aborted) return;
        if (lost !== undefined) return lost(error);
        this.#failure = { error };
        this.#wake();
      });
  }

  /** The session, when it is open. Throws what ended it. */
  get session(): VoiceSession<Item, Event, Settings> | undefined {
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#session;
  }

  /** Ends the session in order: resolves when everything that was written is answered, and every answer taken. */
  async drain(): Promise<void> {
    await this.#session?.flush();
    this.#closed = true;
    await this.#session?.close();
    await this.#reading;
  }

  close(): void {
    this.#closed = true;
    void this.#session?.close().catch(() => {});
  }

  async #read(session: VoiceSession<Item, Event, Settings>): Promise<void> {
    this.#session = session;
    if (this.#closed) return session.close();
    this.#wake();
    for await (const event of session) {
      const taken = this.#options.told(event);
      if (taken !== undefined) await taken;
    }
  }
}
