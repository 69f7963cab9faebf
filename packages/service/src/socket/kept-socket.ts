// A connection that is there when it is needed: services end sessions by a time limit, and networks by themselves.

import { isVoiceError, type VoiceError } from '@sluice/core/voice';
import type { ServiceContext } from '../in-time.ts';
import { ServiceSocket } from './service-socket.ts';
import type { ServiceSocketOptions } from './socket-options.ts';

/** Connections in a row that are made in vain, or end before they were of use. */
const MOST_FAILURES = 3;
/** Before the second try, in milliseconds; twice as long before each further one. */
const FIRST_PAUSE_MS = 250;
/** Who is to wait longer than that is better served by another service, in milliseconds. */
const LONGEST_WAIT_MS = 5_000;
/** A connection that lasted so long was of use, in milliseconds. */
const USEFUL_MS = 30_000;

/** How {@link KeptSocket} connects, prepares and gives up. */
export interface KeptSocketOptions {
  /** How to connect; asked each time, so that settings are those of the moment. */
  readonly open: () => Omit<ServiceSocketOptions, 'onEnd'>;
  /** What goes before everything else on a new connection. It is not given out before this has resolved. */
  readonly prepare?: (socket: ServiceSocket) => void | Promise<void>;
  /** The connection ended by itself. The next `get` makes another, where the error's category lets it. */
  readonly onLost: (error: VoiceError) => void;
}

/**
 * One connection at a time, made with the first `get` and again with the first one after it was lost. Three failures in a
 * row are the end, and so is an error of the categories `give-up` and `fall-back`, or a `wait` of more than 5 s: `get`
 * rejects with it. Between tries 250 ms pass, then 500.
 */
export class KeptSocket {
  readonly #context: ServiceContext;
  readonly #options: KeptSocketOptions;
  #socket: ServiceSocket | undefined;
  #opening: Promise<ServiceSocket> | undefined;
  #openedAt = 0;
  #failures = 0;
  #last: VoiceError | undefined;

  constructor(context: ServiceContext, options: KeptSocketOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** The connection, if there is one now. */
  get current(): ServiceSocket | undefined {
    return this.#socket?.open ? this.#socket : undefined;
  }

  /** The connection, made if need be. @throws VoiceError when there is none to be had */
  get(): Promise<ServiceSocket> {
    const { current } = this;
    if (current !== undefined) return Promise.resolve(current);
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** It was of use: what goes wrong from now on is counted anew. */
  useful(): void {
    this.#failures = 0;
  }

  /** Gives the connection up because it is of no use, which counts as a failure; `onLost` is not told. */
  fail(error: VoiceError): void {
    this.#failed(error);
    this.drop();
  }

  /** Gives the connection up; `onLost` is not told. */
  drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    void socket?.close();
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    await socket?.close();
  }

  async #open(): Promise<ServiceSocket> {
    for (;;) {
      await this.#pause();
      try {
        const socket = await this.#connect();
        this.#last = undefined;
        return socket;
      } catch (error) {
        if (this.#context.signal.aborted || !isVoiceError(error) || !isPassing(error)) throw error;
        this.#failed(error);
        if (this.#failures >= MOST_FAILURES) throw error;
      }
    }
  }

  async #connect(): Promise<ServiceSocket> {
    let isReady = false;
    let failure: ((error: Error) => void) | undefined;
    const lost = new Promise<never>((_, reject) => {
      failure = reject;
    });
    lost.catch(() => {});
    const socket = await ServiceSocket.open(this.#context, {
      ...this.#options.open(),
      onEnd: ({ error }) => {
        if (error === undefined) return;
        if (!isReady) return failure?.(error);
        if (this.#socket !== socket) return;
        this.#socket = undefined;
        if (this.#context.clock.now() - this.#openedAt >= USEFUL_MS) this.#failures = 0;
        // Every end of a socket is a VoiceError.
        this.#failed(error as VoiceError);
        this.#options.onLost(error as VoiceError);
      },
    });
    try {
      await Promise.race([this.#options.prepare?.(socket), lost]);
    } catch (error) {
      void socket.close();
      throw error;
    }
    isReady = true;
    this.#socket = socket;
    this.#openedAt = this.#context.clock.now();
    return socket;
  }

  #failed(error: VoiceError): void {
    this.#failures++;
    this.#last = error;
  }

  async #pause(): Promise<void> {
    const last = this.#last;
    if (last === undefined) return;
    if (!isPassing(last) || this.#failures >= MOST_FAILURES) throw last;
    const ms = last.category === 'wait' ? (last.retryAfterMs ?? 1_000) : FIRST_PAUSE_MS * 2 ** (this.#failures - 1);
    // What ended once is worth another try at once.
    if (last.category === 'retry' && this.#failures <= 1) return;
    await this.#rest(ms);
  }

  /** By the machine's time: who waits for the connection may hold the clock meanwhile. */
  #rest(ms: number): Promise<void> {
    const { clock, signal } = this.#context;
    const rested = new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    return clock.track(rested);
  }
}

function isPassing({ category, retryAfterMs = 0 }: VoiceError): boolean {
  return category === 'retry' || (category === 'wait' && retryAfterMs <= LONGEST_WAIT_MS);
}
