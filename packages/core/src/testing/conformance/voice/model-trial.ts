import assert from 'node:assert/strict';
import { VirtualClock } from '../../../time/virtual-clock.ts';
import type { OpenOptions, VoiceKind, VoiceModel, VoiceSession } from '../../../voice/index.ts';

/** Any model, by what is written and what is told. */
export type AnyModel<Item = never, Event = { readonly type: string }> = VoiceModel<VoiceKind, Item, Event, object>;

/** How long a model may take in real time for what is asked of it here, in milliseconds. */
const PATIENCE_MS = 20_000;

/** A session under a virtual clock whose events are gathered as they are told. */
export class ModelTrial<Item, Event extends { readonly type: string }> implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly events: Event[] = [];
  /** How it ended: undefined while it runs. */
  ended: { readonly error?: unknown } | undefined;
  readonly #opening: Promise<VoiceSession<Item, Event, object>>;
  #session: VoiceSession<Item, Event, object> | undefined;

  static async open<Item, Event extends { readonly type: string }>(
    model: AnyModel<Item, Event>,
    options: Omit<OpenOptions<object>, 'clock'> = {},
  ): Promise<ModelTrial<Item, Event>> {
    const trial = new ModelTrial(model, options);
    await trial.until(() => trial.#session !== undefined, 'it did not open');
    return trial;
  }

  private constructor(model: AnyModel<Item, Event>, options: Omit<OpenOptions<object>, 'clock'>) {
    this.#opening = model.open({ ...options, clock: this.clock });
    this.#opening.then(
      (session) => this.#read(session),
      (error: unknown) => {
        this.ended = { error };
      },
    );
  }

  get session(): VoiceSession<Item, Event, object> {
    return this.#session!;
  }

  /** Writes items one after the other, as a caller does who awaits what is given. */
  async write(...items: readonly Item[]): Promise<void> {
    for (const item of items) {
      const written = this.session.write(item);
      if (written !== undefined) await this.finish(written);
    }
  }

  flush(): Promise<void> {
    return this.finish(this.session.flush());
  }

  /** Waits for work of the model while its clock goes on. */
  async finish<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const done = () => {
      over = true;
    };
    work.then(done, done);
    await this.until(() => over, 'it did not finish');
    const result = await work;
    // Events are read a turn after they were told.
    await this.clock.settle();
    return result;
  }

  async until(holds: () => boolean, otherwise: string): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!holds()) {
      if (this.ended?.error !== undefined && this.#session === undefined) throw this.ended.error;
      assert.ok(performance.now() < deadline, `${otherwise} within ${PATIENCE_MS / 1_000} s`);
      await this.clock.advance(10);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.close();
  }

  #read(session: VoiceSession<Item, Event, object>): void {
    this.#session = session;
    void (async () => {
      try {
        for await (const event of session) this.events.push(event);
        this.ended = {};
      } catch (error) {
        this.ended = { error };
      }
    })();
  }
}
