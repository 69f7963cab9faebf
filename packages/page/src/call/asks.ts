import type { Ask, ClientMessage, Grant, ServerMessage } from '@sluice/protocol';

export type Answer = Extract<ServerMessage, { readonly type: 'granted' | 'denied' }>;

interface Waiting {
  readonly ask: Ask;
  readonly resolve: (grant: Grant | undefined) => void;
}

/** What was asked of the room and is not answered yet. An answer of undefined is a no. */
export class Asks {
  readonly #send: (message: ClientMessage) => void;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(send: (message: ClientMessage) => void) {
    this.#send = send;
  }

  ask(ask: Ask): Promise<Grant | undefined> {
    const number = ++this.#last;
    return new Promise((resolve) => {
      this.#waiting.set(number, { ask, resolve });
      this.#send({ type: 'ask', number, ask });
    });
  }

  answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    waiting?.resolve(answer.type === 'granted' ? answer.grant : undefined);
  }

  /** The server forgot us: nobody will answer. */
  end(): void {
    for (const { resolve } of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}
