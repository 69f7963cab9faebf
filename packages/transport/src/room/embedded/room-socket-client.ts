import { type Cancel, type Clock, SluiceError } from '@sluice/core';
import { limits, type ServerMessage, TokenBucket } from '@sluice/protocol';
import { WebSocket } from 'ws';
import { joinAdvice } from '../protocol/network-advice.ts';
import { readServerMessage } from '../protocol/read-message.ts';
import { ProxyWay } from '../session/proxy-agent.ts';
import { watchAddress } from './address-watch.ts';
import { refused } from './refused.ts';

/** The server pings every 2 s; after three missing ones the socket is taken for dead. Milliseconds. */
const DEAD_AFTER_MS = 6_500;

/** Messages of a server that are taken a second, and at once: a full room in which everybody says all it may. */
const MESSAGES_PER_SECOND = 2_000;
const MESSAGE_BURST = 5_000;

export interface RoomSocketHandlers {
  /** A checked message. */
  readonly message: (message: ServerMessage) => void;
  /** Called once, after which nothing follows. `error` is undefined after a tidy close. */
  readonly closed: (error: SluiceError | undefined) => void;
}

/** The client's end of one WebSocket: opened, watched, and closed for good when anything is wrong with it. */
export class RoomSocketClient {
  readonly #ws: WebSocket;
  readonly #clock: Clock;
  readonly #handlers: RoomSocketHandlers;
  readonly #way: ProxyWay | undefined;
  readonly #messages: TokenBucket;
  #cancelWatch: Cancel = () => {};
  #cancelAddress: Cancel = () => {};
  #closed = false;
  #opened = false;

  constructor(url: URL, clock: Clock, handlers: RoomSocketHandlers, proxy?: URL) {
    this.#clock = clock;
    this.#messages = new TokenBucket({ clock, burst: MESSAGE_BURST, perSecond: MESSAGES_PER_SECOND });
    this.#handlers = handlers;
    this.#way = proxy === undefined ? undefined : new ProxyWay(proxy);
    const address = new URL(url);
    address.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#ws = new WebSocket(address, {
      maxPayload: limits.serverMessageBytes,
      perMessageDeflate: false,
      followRedirects: false,
      ...(this.#way !== undefined && {
        agent: this.#way.agent,
        finishRequest: (request) => {
          this.#way?.watch(request);
          request.end();
        },
      }),
    });
    this.#listen(url, address);
  }

  onOpen(listener: () => void): void {
    this.#ws.once('open', listener);
  }

  /** Returns whether the socket took it. */
  send(text: string): boolean {
    if (this.#ws.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(text);
    return true;
  }

  /** Ends it from this side. `closed` is not called any more. */
  close(): void {
    this.#closed = true;
    this.#cancelWatch();
    this.#cancelAddress();
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.close(1000);
    else this.#ws.terminate();
    const cancel = this.#clock.at(this.#clock.now() + 1_000, () => this.#ws.terminate());
    this.#ws.once('close', cancel);
  }

  #listen(url: URL, address: URL): void {
    const ws = this.#ws;
    ws.on('upgrade', ({ socket }) => {
      this.#cancelAddress = watchAddress(socket.localAddress ?? '', this.#clock, () => this.#end(undefined));
    });
    ws.on('open', () => {
      this.#opened = true;
      this.#watch();
    });
    ws.on('ping', () => this.#watch());
    ws.on('message', (data: Buffer) => {
      this.#watch();
      if (this.#closed) return;
      this.#slowDown(this.#messages.take());
      let message: ServerMessage;
      try {
        message = readServerMessage(data.toString());
      } catch (error) {
        // The parser throws nothing else.
        return this.#end(error as SluiceError);
      }
      this.#handlers.message(message);
    });
    ws.on('unexpected-response', (request, response) => {
      request.destroy();
      const isBusy = response.statusCode === 429 || response.statusCode === 503;
      this.#end(
        this.#way?.refusal ??
          (isBusy ? refused('busy', `it has all the connections it takes (HTTP ${response.statusCode})`) : undefined) ??
          new SluiceError('SLUICE_JOIN_REFUSED', `the server at ${address.host} refused the connection`, {
            expected: 'a WebSocket',
            received: `HTTP ${response.statusCode}`,
            fix: 'Check the meeting URL: its path ends in a room name and its host is the one the server listens on',
          }),
      );
    });
    ws.on('error', (cause: Error) => {
      this.#end(
        this.#opened
          ? new SluiceError('SLUICE_ROOM_PROTOCOL', 'the connection to the room server broke', {
              cause,
              fix: cause.message,
            })
          : (this.#way?.refusal ??
              this.#way?.unreachable(cause) ??
              new SluiceError('SLUICE_JOIN_UNREACHABLE', `no room server answers at ${address.host}`, {
                cause,
                fix: joinAdvice(url, cause),
              })),
      );
    });
    ws.on('close', () => this.#end(undefined));
  }

  /** A server that says more than any room has to say gets no more of our time: it is read later. */
  #slowDown(waitMs: number): void {
    const ws = this.#ws;
    if (waitMs === 0 || ws.isPaused) return;
    ws.pause();
    this.#clock.at(this.#clock.now() + Math.min(waitMs, 1_000), () => ws.resume());
  }

  #watch(): void {
    this.#cancelWatch();
    this.#cancelWatch = this.#clock.at(this.#clock.now() + DEAD_AFTER_MS, () => this.#end(undefined));
  }

  #end(error: SluiceError | undefined): void {
    this.#cancelWatch();
    this.#cancelAddress();
    if (this.#closed) return;
    this.#closed = true;
    this.#ws.terminate();
    this.#handlers.closed(error);
  }
}
