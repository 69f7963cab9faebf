import type { Clock } from '@sluice/core';
import type { ClientMessage, Refusal, ServerMessage } from '@sluice/protocol';
import type { RoomSocketHandlers } from '../../src/room/embedded/room-socket-client.ts';

/** One socket of a client, as seen from its far end. Put in the place of `RoomSocketClient`. */
export class FakeRoomSocket {
  static all: FakeRoomSocket[] = [];
  /** What the server does with each new socket. */
  static serve: (socket: FakeRoomSocket) => void = () => {};
  readonly at: number;
  readonly said: ClientMessage[] = [];
  closed = false;
  readonly #handlers: RoomSocketHandlers;

  constructor(_: URL, clock: Clock, handlers: RoomSocketHandlers) {
    this.at = clock.now();
    this.#handlers = handlers;
    FakeRoomSocket.all.push(this);
  }

  onOpen(listener: () => void): void {
    queueMicrotask(() => {
      listener();
      FakeRoomSocket.serve(this);
    });
  }

  send(text: string): boolean {
    this.said.push(JSON.parse(text));
    return !this.closed;
  }

  close(): void {
    this.closed = true;
  }

  says(message: ServerMessage): void {
    if (!this.closed) this.#handlers.message(message);
  }

  refuses(code: Refusal): void {
    this.says({ type: 'refused', code, message: 'no' });
  }

  breaks(): void {
    if (this.closed) return;
    this.closed = true;
    this.#handlers.closed(undefined);
  }
}
