import { SluiceError, toError } from '@sluice/core';
import { hostDown } from '../host-errors.ts';
import type { HostCommand } from './control-messages.ts';
import { encodeControl } from './wire.ts';

type CallCommand = Extract<HostCommand, { call: number }>;
/** A command that is answered, without the number that the link gives it. */
export type Question = CallCommand extends infer C ? (C extends CallCommand ? Omit<C, 'call'> : never) : never;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/**
 * The way to one run of the engine. What belongs to a run keeps its link; once that run is over, everything on it fails
 * with `SLUICE_HOST_DOWN` or does nothing.
 */
export class EngineLink {
  readonly #send: (message: Buffer) => void;
  readonly #onWaiting: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #lastCall = 0;
  #down = false;

  /** `onWaiting` is called when the number of unanswered questions may have become zero, or is no longer. */
  constructor(send: (message: Buffer) => void, onWaiting: () => void) {
    this.#send = send;
    this.#onWaiting = onWaiting;
  }

  /** Questions without an answer. */
  get waiting(): number {
    return this.#waiting.size;
  }

  get down(): boolean {
    return this.#down;
  }

  tell(command: Exclude<HostCommand, { call: number }>): void {
    if (!this.#down) this.#send(encodeControl(command));
  }

  sendMedia(message: Buffer): void {
    if (!this.#down) this.#send(message);
  }

  ask(question: Question): Promise<unknown> {
    if (this.#down) return Promise.reject(hostDown());
    const call = ++this.#lastCall;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      this.#onWaiting();
      try {
        this.#send(encodeControl({ ...question, call }));
      } catch (error) {
        this.#waiting.delete(call);
        reject(toError(error));
      }
    });
  }

  answer(call: number, value: unknown): void {
    this.#waiting.get(call)?.resolve(value);
    this.#settled(call);
  }

  fault(call: number, code: string, message: string): void {
    this.#waiting.get(call)?.reject(new SluiceError(code, message));
    this.#settled(call);
  }

  /** The run is over. What waits for an answer fails. */
  cut(): void {
    if (this.#down) return;
    this.#down = true;
    for (const { reject } of this.#waiting.values()) reject(hostDown());
    this.#waiting.clear();
  }

  #settled(call: number): void {
    this.#waiting.delete(call);
    this.#onWaiting();
  }
}
