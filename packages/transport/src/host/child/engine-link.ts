import { SluiceError, toError } from '@sluice/core';
import { hostDown } from '../host-errors.ts';
import type { HostCommand } from './control-messages.ts';
import { type EngineAnswer, parseAnswer, type QuestionType } from './engine-answers.ts';
import { OverdueCount } from './overdue-count.ts';
import { brokenWire, encodeControl } from './wire.ts';

type CallCommand = Extract<HostCommand, { call: number }>;
/** A command that is answered, without the number that the link gives it. */
type Question = CallCommand extends infer C ? (C extends CallCommand ? Omit<C, 'call'> : never) : never;
export type QuestionOf<T extends QuestionType> = Extract<Question, { type: T }>;

interface Waiting {
  readonly type: QuestionType;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
  readonly overdue: OverdueCount;
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

  /** For how many looks the oldest of those waits. */
  look(): number {
    let most = 0;
    for (const { overdue } of this.#waiting.values()) most = Math.max(most, overdue.look(true));
    return most;
  }

  tell(command: Exclude<HostCommand, { call: number }>): void {
    this.send(encodeControl(command));
  }

  send(message: Buffer): void {
    if (!this.#down) this.#send(message);
  }

  ask<T extends QuestionType>(question: QuestionOf<T>): Promise<EngineAnswer<T>> {
    if (this.#down) return Promise.reject(hostDown());
    const call = ++this.#lastCall;
    const { type } = question;
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(call, { type, resolve, reject, overdue: new OverdueCount() });
      this.#onWaiting();
      try {
        this.send(encodeControl({ ...question, call }));
      } catch (error) {
        this.#waiting.delete(call);
        reject(toError(error));
      }
    });
    // `answer` lets nothing else through.
    return answered as Promise<EngineAnswer<T>>;
  }

  /** Throws `SLUICE_HOST_PROTOCOL` for what is no answer, or one that nobody waits for. */
  answer(call: number, value: unknown): void {
    const waiting = this.#waitingFor(call);
    waiting?.resolve(parseAnswer(waiting.type, value));
    this.#settled(call);
  }

  /** Of a command that is not answered it is told with call 0, and nobody hears of it. */
  fault(call: number, code: string, message: string): void {
    if (call === 0) return;
    this.#waitingFor(call)?.reject(new SluiceError(code, message));
    this.#settled(call);
  }

  /** The run is over. What waits for an answer fails. */
  cut(): void {
    if (this.#down) return;
    this.#down = true;
    for (const { reject } of this.#waiting.values()) reject(hostDown());
    this.#waiting.clear();
  }

  #waitingFor(call: number): Waiting | undefined {
    const waiting = this.#waiting.get(call);
    if (waiting === undefined && !this.#down) throw brokenWire(`an answer to question ${call}, which nobody asked`);
    return waiting;
  }

  #settled(call: number): void {
    this.#waiting.delete(call);
    this.#onWaiting();
  }
}
