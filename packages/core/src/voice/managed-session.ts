import { toError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import { EventStream } from './event-stream.ts';
import type { VoiceSession } from './model.ts';
import type { SessionContext, SessionHandlers } from './session.ts';
import { isVoiceError, type VoiceError, voiceError } from './voice-error.ts';

/** Events that may wait for a reader who does not read: a minute of audio in pieces of 10 ms, and its words. */
const MOST_WAITING = 8_000;

export interface SessionSetUp {
  readonly clock: Clock;
  readonly random: () => number;
  readonly secrets: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/** What every session does around what its model does: settings, epochs, ends, faults. */
export class ManagedSession<Item, Event, Settings extends object> implements VoiceSession<Item, Event, Settings> {
  readonly #model: string;
  readonly #settle: (given: Partial<Settings>, base: Settings) => Settings;
  readonly #over = new AbortController();
  readonly #events: EventStream<Event>;
  #settings: Settings;
  #handlers: SessionHandlers<Item> | undefined;
  #epoch = 0;
  #closing: Promise<void> | undefined;

  constructor(model: string, settings: Settings, settle: (given: Partial<Settings>, base: Settings) => Settings) {
    this.#model = model;
    this.#settings = settings;
    this.#settle = settle;
    this.#events = new EventStream(MOST_WAITING, () => this.#fault('its events are not read', 'fall-back'));
  }

  get settings(): Readonly<Settings> {
    return this.#settings;
  }

  get ended(): boolean {
    return this.#events.ended;
  }

  /** Starts what the model's author wrote; rejects with a `VoiceError`. */
  async start(
    begin: (context: SessionContext<Event, Settings>) => SessionHandlers<Item> | Promise<SessionHandlers<Item>>,
    { clock, random, secrets, signal }: SessionSetUp,
  ): Promise<void> {
    const session = this;
    const onAbort = () => void this.close().catch(() => {});
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#over.signal.addEventListener('abort', () => signal?.removeEventListener('abort', onAbort), { once: true });
    try {
      this.#handlers = await begin({
        clock,
        random,
        secrets,
        signal: this.#over.signal,
        get settings() {
          return session.#settings;
        },
        emit: (event) => this.#emit(event),
        fail: (error) => this.#fail(error),
      });
    } catch (error) {
      this.#over.abort();
      throw this.#attribute(error, 'it did not start');
    }
    if (!this.#over.signal.aborted) return;
    // Closed while it started: what it got by then is given back.
    await this.#handlers.close?.();
    signal?.throwIfAborted();
  }

  write(item: Item): void | Promise<void> {
    if (this.#events.ended || this.#handlers === undefined) throw this.#fault('it is closed', 'give-up');
    const { epoch } = item as { epoch?: number };
    if (this.#isOld(epoch)) return;
    try {
      const written = this.#handlers.write(item);
      return written instanceof Promise ? written.catch((error: unknown) => this.#fail(error)) : written;
    } catch (error) {
      this.#fail(error);
    }
  }

  async flush(): Promise<void> {
    if (this.#events.ended) return;
    try {
      await this.#handlers?.flush?.();
    } catch (error) {
      if (!this.#over.signal.aborted) this.#fail(error);
    }
  }

  update(settings: Partial<Settings>): void {
    this.#settings = this.#settle(settings, this.#settings);
    this.#handlers?.onUpdate?.();
  }

  cancel(epoch: number): void {
    if (!(epoch > this.#epoch)) return;
    this.#epoch = epoch;
    this.#events.discard((event) => this.#isOld((event as { epoch?: number }).epoch));
    try {
      this.#handlers?.onCancel?.(epoch);
    } catch (error) {
      this.#fail(error);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncIterator](): AsyncIterator<Event, undefined> {
    return this.#events[Symbol.asyncIterator]();
  }

  async #close(): Promise<void> {
    this.#events.end();
    this.#over.abort();
    await this.#handlers?.close?.();
  }

  #emit(event: Event): void {
    if (this.#isOld((event as { epoch?: number }).epoch)) return;
    this.#events.push(event);
    // What nobody reads was lost with the events: what it holds is given back.
    if (this.#events.ended) void this.close().catch(() => {});
  }

  #isOld(epoch: number | undefined): boolean {
    return epoch !== undefined && epoch < this.#epoch;
  }

  #fail(error: unknown): void {
    this.#events.fail(this.#attribute(error, 'it was lost'));
    void this.close().catch(() => {});
  }

  #attribute(error: unknown, what: string): VoiceError {
    if (isVoiceError(error)) return error;
    const cause = toError(error);
    return voiceError(`${what}: ${cause.message}`, { model: this.#model, category: 'fall-back', cause });
  }

  #fault(what: string, category: 'give-up' | 'fall-back'): VoiceError {
    return voiceError(what, { model: this.#model, category });
  }
}
