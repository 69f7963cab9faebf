import { type Cancel, type Clock, SluiceError } from '@sluice/core';
import { janusError } from './janus-errors.ts';
import type { JanusMessage } from './janus-message.ts';

/** How long an answer may take, in milliseconds: a first description waits for the gathering of its candidates. */
const ANSWER_MS = 15_000;

interface Pending {
  readonly doing: string;
  /** An `ack` is all that comes. */
  readonly ack: boolean;
  readonly resolve: (message: JanusMessage) => void;
  readonly reject: (error: SluiceError) => void;
  readonly cancel: Cancel;
}

/** Requests that wait for their answers, by the name of their transaction. */
export class Transactions {
  readonly #clock: Clock;
  readonly #pending = new Map<string, Pending>();
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * A new transaction and its answer.
   *
   * @throws what Janus refuses it with, `SLUICE_ROOM_LOST` if no answer comes.
   */
  begin(doing: string, ack = false): { readonly transaction: string; readonly answer: Promise<JanusMessage> } {
    const transaction = String(++this.#last);
    const answer = new Promise<JanusMessage>((resolve, reject) => {
      const cancel = this.#clock.at(this.#clock.now() + ANSWER_MS, () => {
        this.#pending.delete(transaction);
        reject(
          new SluiceError('SLUICE_ROOM_LOST', `Janus did not answer ${doing} within ${ANSWER_MS / 1_000} s`, {
            fix: 'Look at the load and the log of the server, and join again',
          }),
        );
      });
      this.#pending.set(transaction, { doing, ack, resolve, reject, cancel });
    });
    return { transaction, answer };
  }

  /** Returns whether the message answers a request. An `ack` says only that the answer comes later. */
  take(message: JanusMessage): boolean {
    const pending = message.transaction === undefined ? undefined : this.#pending.get(message.transaction);
    if (pending === undefined) return message.janus === 'ack';
    if (message.janus === 'ack' && !pending.ack) return true;
    this.#pending.delete(message.transaction!);
    pending.cancel();
    if (message.error === undefined) pending.resolve(message);
    else pending.reject(janusError(message.error.code, message.error.reason, pending.doing));
    return true;
  }

  /** No answer comes any more: the socket that it would have come through is gone. */
  fail(error: SluiceError): void {
    for (const { reject, cancel } of this.#pending.values()) {
      cancel();
      reject(error);
    }
    this.#pending.clear();
  }
}
