import { type Cancel, type Clock, toError, trackTimed } from '@sluice/core';
import {
  categoryOf,
  isVoiceError,
  type Message,
  type SpeechModel,
  type SpeechModelEvent,
  type SpeechModelItem,
  type SpeechModelSession,
  type SpeechReplyRequest,
  type Tool,
  voiceError,
} from '@sluice/core/voice';

export interface SpeechLineOptions {
  readonly model: SpeechModel;
  readonly clock: Clock;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
  readonly settings: object;
  readonly secrets: Readonly<Record<string, string>>;
  readonly system: string | undefined;
  readonly tools: readonly Tool[];
  /** For a session that was lost to be had again, in milliseconds: then it is given up. */
  readonly reopenMs: number;
  /** What a session that is opened anew is told of what was. */
  readonly context: () => readonly Message[];
  readonly told: (event: SpeechModelEvent) => void;
  /** A session is open, and was told of the context. */
  readonly onOpen: () => void;
  /** A session was lost; the next is being opened. */
  readonly onLost: (error: Error) => void;
  /** There is no session any more, and none is to be had. */
  readonly onDead: (error: Error) => void;
}

/** The first time to wait before a session is opened again, doubled with each try, and the longest. In milliseconds. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
/** An opening that takes longer is given up, in milliseconds. */
const OPENING_MS = 10_000;
/** A session that has lasted for so long, in milliseconds, was a good one: the next loss is the first. */
const GOOD_MS = 10_000;

/** A session with a speech model for as long as it is wanted: services end theirs after an hour, or when they like. */
export class SpeechLine {
  readonly #options: SpeechLineOptions;
  #closed = false;
  /** Ends the session that is open, or being opened. */
  #attempt = new AbortController();
  #session: SpeechModelSession | undefined;
  #opened = 0;
  #lostSince: number | undefined;
  #tries = 0;
  #waiting: Cancel | undefined;
  #epoch = 0;
  /** Asked for and not answered: a session that is opened meanwhile is asked as well. */
  #asked: SpeechReplyRequest | undefined;

  constructor(options: SpeechLineOptions) {
    this.#options = options;
    void this.#open();
  }

  get isOpen(): boolean {
    return this.#session !== undefined;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** What a session that is not open would have been told, the next one learns from the context. */
  write(item: SpeechModelItem): void | Promise<void> {
    return this.#session?.write(item);
  }

  /** Asks for a reply, as soon as there is a session. */
  respond(id: string, instructions?: string): void {
    this.#asked = { type: 'respond', id, epoch: this.#epoch, ...(instructions === undefined ? {} : { instructions }) };
    void this.#session?.write(this.#asked);
  }

  /** Gives up what was asked for: nothing of it is told from now on. */
  cancel(): void {
    this.#asked = undefined;
    this.#session?.cancel(++this.#epoch);
  }

  /** Gives up a session that says nothing any more. */
  restart(reason: Error): void {
    const session = this.#session;
    if (session !== undefined) this.#lose(session, reason);
  }

  close(): void {
    this.#waiting?.();
    this.#asked = undefined;
    this.#closed = true;
    this.#attempt.abort();
    this.#session = undefined;
  }

  async #open(): Promise<void> {
    const { model, clock, random, settings, secrets } = this.#options;
    const abort = new AbortController();
    this.#attempt = abort;
    const giveUp = () =>
      abort.abort(voiceError(`it did not open within ${OPENING_MS} ms`, { model: model.name, category: 'retry' }));
    const late = clock.at(clock.now() + OPENING_MS, giveUp);
    const gaveUp = new Promise<never>((_, reject) => {
      abort.signal.addEventListener('abort', () => reject(abort.signal.reason), { once: true });
    });
    try {
      const { signal } = abort;
      const opening = trackTimed(clock, (own) => model.open({ clock: own, random, settings, secrets, signal }));
      const session = await Promise.race([opening, gaveUp]);
      late();
      if (this.#closed) return void session.close();
      this.#begin(session);
    } catch (error) {
      late();
      this.#again(toError(error));
    }
  }

  #begin(session: SpeechModelSession): void {
    const { system, tools, context, clock, onOpen } = this.#options;
    this.#session = session;
    this.#opened = clock.now();
    session.cancel(this.#epoch);
    void session.write({ type: 'brief', tools, ...(system === undefined ? {} : { system }) });
    for (const message of context()) void session.write({ type: 'message', message });
    void this.#read(session);
    const asked = this.#asked;
    onOpen();
    if (asked !== undefined && asked === this.#asked) void session.write(asked);
  }

  async #read(session: SpeechModelSession): Promise<void> {
    let error: unknown;
    try {
      for await (const event of session) {
        if (this.#session !== session) return;
        if ('id' in event && event.id === this.#asked?.id && event.type !== 'reply-started') this.#asked = undefined;
        if (event.type === 'finished') this.#isGood();
        this.#options.told(event);
      }
    } catch (reason) {
      error = reason;
    }
    const { name } = this.#options.model;
    this.#lose(session, error ?? voiceError('its session has ended', { model: name, category: 'retry' }));
  }

  #lose(session: SpeechModelSession, error: unknown): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    void session.close().catch(() => {});
    if (this.#closed) return;
    if (this.#options.clock.now() - this.#opened >= GOOD_MS) this.#isGood();
    this.#options.onLost(toError(error));
    this.#again(toError(error));
  }

  #isGood(): void {
    this.#lostSince = undefined;
    this.#tries = 0;
  }

  /** Opens another session after a while, unless that helps nobody. */
  #again(error: Error): void {
    if (this.#closed) return;
    const { clock, reopenMs, onDead } = this.#options;
    const now = clock.now();
    this.#lostSince ??= now;
    const backOff = this.#tries++ === 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#tries - 2));
    const asked = isVoiceError(error) ? (error.retryAfterMs ?? 0) : 0;
    const wait = Math.max(backOff, asked);
    if (categoryOf(error) === 'give-up' || now + wait - this.#lostSince > reopenMs) {
      this.close();
      return onDead(error);
    }
    this.#waiting = clock.at(now + wait, () => void this.#open());
  }
}
