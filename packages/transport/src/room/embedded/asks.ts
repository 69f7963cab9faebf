import { SluiceError } from '@sluice/core';
import type { Ask, ClientMessage, Grant, ServerMessage } from '@sluice/protocol';
import type { TransportErrorCode } from '../../errors.ts';

export type Answer = Extract<ServerMessage, { readonly type: 'granted' | 'denied' }>;

interface Waiting {
  readonly ask: Ask;
  readonly resolve: (grant: Grant) => void;
  readonly reject: (error: SluiceError) => void;
}

/** What was asked of the room and is not answered yet. */
export class Asks {
  readonly #send: (message: ClientMessage) => void;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #over: SluiceError | undefined;

  constructor(send: (message: ClientMessage) => void) {
    this.#send = send;
  }

  ask(ask: Ask): Promise<Grant> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { ask, resolve, reject });
      this.#send({ type: 'ask', number, ask });
    });
  }

  answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.number);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.number);
    if (answer.type === 'granted') waiting.resolve(answer.grant);
    else waiting.reject(denied(waiting.ask, answer));
  }

  /** The server forgot us and what it was asked: it is asked again, in the same order. */
  repeat(): void {
    for (const [number, { ask }] of this.#waiting) this.#send({ type: 'ask', number, ask });
  }

  /** The session is over: nobody answers any more. */
  end(cause: SluiceError | undefined): void {
    this.#over = new SluiceError(
      'SLUICE_ROOM_LOST' satisfies TransportErrorCode,
      'the session ended before an answer came',
      { cause, fix: 'Join again and ask again' },
    );
    for (const { reject } of this.#waiting.values()) reject(this.#over);
    this.#waiting.clear();
  }
}

const fixes = {
  'not-allowed': 'Join with a token that grants it, or ask an owner for the permission',
  'unknown-participant': 'Take the id of somebody who is in participants()',
  unavailable: 'Start the room server with what it needs for this',
  rate: 'Say it less often: limits of @sluice/protocol has the numbers',
  state: 'Look at the events of the call for what runs already',
  failed: 'The message says what failed at the room server',
} as const;

function denied({ ask }: Ask, { code, message }: Answer & { readonly type: 'denied' }): SluiceError {
  return new SluiceError('SLUICE_ROOM_DENIED' satisfies TransportErrorCode, `the room refused ${ask}: ${message}`, {
    received: code,
    fix: fixes[code],
  });
}
