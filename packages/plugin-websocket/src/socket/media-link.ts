import type { SluiceError } from '@sluice/core';
import { mediaSocketError } from '../errors.ts';
import type { WebSocketLike } from './web-socket-like.ts';

/** How a connection ended. */
export interface MediaSocketEnd {
  /** Of RFC 6455; 1005 or 1006 where the other side said nothing. */
  readonly code: number;
  /** What the side that closed it says; empty where it says nothing. */
  readonly reason: string;
  /** Absent where it ended in order: by either side's `close`, or after the far side said that it stops. */
  readonly error?: SluiceError;
}

export interface MediaLinkHandlers {
  readonly onOpen: () => void;
  readonly onMessage: (message: string | Uint8Array) => void;
  /** Told once. */
  readonly onEnd: (end: MediaSocketEnd) => void;
}

/** Codes by which the far side says that all is well: done, going away, none. */
const IN_ORDER = [1000, 1001, 1005];

/** One WebSocket: messages of bounded size in, messages out, and one end. */
export class MediaLink {
  readonly #socket: WebSocketLike;
  readonly #mostBytes: number;
  readonly #handlers: MediaLinkHandlers;
  /** The far side has said that it stops: however the socket ends then, it is in order. */
  stopping = false;
  #ended = false;
  #closing = false;

  constructor(socket: WebSocketLike, mostBytes: number, handlers: MediaLinkHandlers) {
    this.#socket = socket;
    this.#mostBytes = mostBytes;
    this.#handlers = handlers;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => this.#read(data));
    socket.addEventListener('close', ({ code, reason }) => this.#closed(code, reason));
    // The close that follows says the rest; without a listener `ws` would throw.
    socket.addEventListener('error', () => {});
    if (socket.readyState === 0) socket.addEventListener('open', () => this.#open());
    // After the caller has the handlers' owner.
    else queueMicrotask(() => (socket.readyState === 1 ? this.#open() : this.#closed(1006, '')));
  }

  get open(): boolean {
    return !this.#ended && !this.#closing && this.#socket.readyState === 1;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** After the end it is dropped. */
  send(message: string | Uint8Array): void {
    if (this.open) this.#socket.send(message);
  }

  /** @throws what the socket throws for a code or reason that it does not send; it stays as it is then */
  close(code: number, reason: string): void {
    if (this.#ended || this.#closing) return;
    this.#socket.close(code, reason);
    this.#closing = true;
  }

  /** Ends it because of a fault here; the far side is told the code. */
  fail(error: SluiceError, code: number): void {
    if (this.#ended) return;
    try {
      this.close(code, error.code);
    } catch {
      // The WebSocket of browsers and of Node leaves such codes to protocols, and programs what is above 4000.
      code += 3_000;
      this.close(code, error.code);
    }
    this.#end({ code, reason: error.code, error });
  }

  #open(): void {
    if (!this.#ended) this.#handlers.onOpen();
  }

  #read(data: unknown): void {
    if (this.#ended || this.#closing) return;
    const message = messageOf(data);
    const size = typeof message === 'string' ? message.length : (message?.length ?? 0);
    if (message === undefined || size > this.#mostBytes) {
      const what = message === undefined ? 'a message of a kind that is not known' : 'a message that is too long';
      const details = { expected: `text or bytes, at most ${this.#mostBytes}`, received: size };
      return this.fail(mediaSocketError('SLUICE_MEDIA_SOCKET_MESSAGE', `the far side sent ${what}`, details), 1009);
    }
    this.#handlers.onMessage(message);
  }

  #closed(code: number, reason: string): void {
    if (this.#closing || this.stopping || IN_ORDER.includes(code)) return this.#end({ code, reason });
    const said = reason === '' ? '' : `, which said ${JSON.stringify(reason.slice(0, 123))}`;
    const error = mediaSocketError('SLUICE_MEDIA_SOCKET_CLOSED', `the far side was lost with the code ${code}${said}`, {
      expected: 'a stop, or the code 1000 or 1001',
      received: code,
      fix: 'Open a new socket and make its source and sink anew',
    });
    this.#end({ code, reason, error });
  }

  #end(end: MediaSocketEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#handlers.onEnd(end);
  }
}

/** Text or bytes, whatever kind of WebSocket has them. */
function messageOf(data: unknown): string | Uint8Array | undefined {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (Array.isArray(data) && data.every((part) => part instanceof Uint8Array)) return Buffer.concat(data);
  return undefined;
}
