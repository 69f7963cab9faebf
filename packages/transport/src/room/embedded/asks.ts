import { type Clock, SluiceError } from '@sluice/core';
import type { Ask, ClientMessage, Denial, Grant, ServerMessage } from '@sluice/protocol';
import type { TransportErrorCode } from '../../errors.ts';

export type Answer = Extract<ServerMessage, { readonly type: 'granted' | 'denied' }>;

interface Waiting {
  readonly ask: Ask;
  /** A socket took it, so that the server may have done it. */
  sent: boolean;
  readonly resolve: (grant: Grant) => void;
  readonly reject: (error: SluiceError) => void;
}

/** What is done once, however often it is asked. */
const repeatable: readonly Ask['ask'][] = [
  'update-participants',
  'eject',
  'update-permissions',
  'take-place',
  'admit',
  'stop-recording',
  'update-recording',
  'stop-transcription',
  'update-transcription',
];

/**
 * What was asked of the room and is not answered yet. Nothing is done twice: through a break of the signalling the server
 * counts what it has received, and of a server that was restarted only that is asked again which it cannot have done, or
 * which is the same when done again. Of the rest nobody knows, and its error says so.
 */
export class Asks {
  /** Returns whether a socket took it; otherwise one will when there is one. */
  readonly #send: (message: ClientMessage) => boolean;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #held = false;
  #over: SluiceError | undefined;
  readonly #settled: (() => void)[] = [];

  constructor(send: (message: ClientMessage) => boolean) {
    this.#send = send;
  }

  ask(ask: Ask): Promise<Grant> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { ask, sent: false, resolve, reject };
      this.#waiting.set(number, waiting);
      if (!this.#held) waiting.sent = this.#send({ type: 'ask', number, ask });
    });
  }

  answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.number);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.number);
    if (answer.type === 'granted') waiting.resolve(answer.grant);
    else waiting.reject(denied(waiting.ask, answer));
    this.#settle();
  }

  /** The socket is back, and what waited for it was sent. */
  resumed(): void {
    if (!this.#held) for (const waiting of this.#waiting.values()) waiting.sent = true;
  }

  /** The server forgot us and what it was asked. Until `repeat` nothing is asked, so that the order is kept. */
  serverForgot(): void {
    this.#held = true;
    for (const [number, { ask, sent, reject }] of this.#waiting) {
      if (!sent || repeatable.includes(ask.ask)) continue;
      this.#waiting.delete(number);
      reject(
        lost(`the server was restarted before it answered ${ask.ask}: nobody knows whether it was done`, undefined, {
          fix: 'Look whether it was done, and ask again if not',
        }),
      );
    }
    this.#settle();
  }

  /** Asks what is not answered, in the order of the first time. */
  repeat(): void {
    if (!this.#held) return;
    this.#held = false;
    for (const [number, waiting] of this.#waiting) waiting.sent = this.#send({ type: 'ask', number, ask: waiting.ask });
  }

  /** Resolves when nothing waits for an answer, or when time is up. */
  settled(clock: Clock, limitMs: number): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.at(clock.now() + limitMs, resolve);
      this.#settled.push(() => {
        cancel();
        resolve();
      });
    });
  }

  /** The session is over: nobody answers any more. */
  end(cause: SluiceError | undefined): void {
    if (this.#over !== undefined) return;
    const over = lost('the session ended before an answer came', cause, { fix: 'Join again and ask again' });
    this.#over = over;
    for (const { reject } of this.#waiting.values()) reject(over);
    this.#waiting.clear();
    this.#settle();
  }

  #settle(): void {
    if (this.#waiting.size > 0) return;
    for (const resolve of this.#settled.splice(0)) resolve();
  }
}

function lost(what: string, cause: SluiceError | undefined, { fix }: { readonly fix: string }): SluiceError {
  return new SluiceError('SLUICE_ROOM_LOST' satisfies TransportErrorCode, what, { cause, fix });
}

const fixes = {
  'not-allowed': 'Join with a token that grants it, or ask an owner for the permission',
  'unknown-participant': 'Take the id of somebody who is in participants()',
  unavailable: 'Start the room server with what it needs for this',
  rate: 'Say it less often: limits of @sluice/protocol has the numbers',
  state: 'Look at the events of the call for what runs already',
  failed: 'The message says what failed at the room server',
} as const satisfies Record<Denial, string>;

function denied({ ask }: Ask, { code, message }: Answer & { readonly type: 'denied' }): SluiceError {
  const error = new SluiceError(
    'SLUICE_ROOM_DENIED' satisfies TransportErrorCode,
    `the room refused ${ask}: ${message}`,
    {
      received: code,
      fix: fixes[code],
    },
  );
  return Object.assign(error, { denial: code });
}
