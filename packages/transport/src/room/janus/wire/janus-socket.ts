import { type Cancel, type Clock, SluiceError } from '@sluice/core';
import { WebSocket } from 'ws';
import { systemCode } from '../../protocol/network-advice.ts';
import { ProxyWay } from '../../session/proxy-agent.ts';
import { type JanusMessage, MAX_MESSAGE_BYTES, readJanusMessage } from './janus-message.ts';

/** How often the socket is pinged, and after what silence it is taken for dead. Milliseconds. */
const PING_MS = 2_000;
const DEAD_AFTER_MS = 6_500;

export interface JanusSocketHandlers {
  readonly open: () => void;
  readonly message: (message: JanusMessage) => void;
  /** Called once, after which nothing follows. */
  readonly closed: (error: SluiceError) => void;
}

/** One WebSocket to a Janus server, closed for good when anything is wrong with it. */
export class JanusSocket {
  readonly #ws: WebSocket;
  readonly #clock: Clock;
  readonly #handlers: JanusSocketHandlers;
  #cancelPing: Cancel = () => {};
  #heardAt: number;
  #opened = false;
  #closed = false;

  /** @param url `janus+ws:` or `janus+wss:`; its path is the room and no part of the address. */
  constructor(url: URL, clock: Clock, handlers: JanusSocketHandlers, proxy?: URL) {
    this.#clock = clock;
    this.#handlers = handlers;
    this.#heardAt = clock.now();
    const address = new URL(`${url.protocol.slice('janus+'.length)}//${url.host}`);
    const way = proxy === undefined ? undefined : new ProxyWay(proxy);
    this.#ws = new WebSocket(address, 'janus-protocol', {
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
      // A server that stands still takes connections and says nothing.
      handshakeTimeout: DEAD_AFTER_MS,
      ...(way !== undefined && {
        agent: way.agent,
        finishRequest: (request) => {
          way.watch(request);
          request.end();
        },
      }),
    });
    this.#listen(address, way);
  }

  get open(): boolean {
    return this.#opened && !this.#closed;
  }

  send(message: object): void {
    if (this.open) this.#ws.send(JSON.stringify(message));
  }

  /** Ends it from this side. `closed` is not called any more. */
  close(): void {
    this.#closed = true;
    this.#cancelPing();
    if (this.#ws.readyState !== WebSocket.OPEN) return this.#ws.terminate();
    this.#ws.close(1000);
    const cancel = this.#clock.at(this.#clock.now() + 1_000, () => this.#ws.terminate());
    this.#ws.once('close', cancel);
  }

  #listen(address: URL, way: ProxyWay | undefined): void {
    const ws = this.#ws;
    ws.on('open', () => {
      this.#opened = true;
      this.#heardAt = this.#clock.now();
      this.#ping();
      this.#handlers.open();
    });
    ws.on('pong', () => this.#heard());
    ws.on('message', (data: Buffer) => {
      this.#heard();
      if (this.#closed) return;
      try {
        this.#handlers.message(readJanusMessage(data.toString()));
      } catch (error) {
        // The reader throws nothing else; handlers of messages report their own faults.
        this.#end(error as SluiceError);
      }
    });
    ws.on('unexpected-response', (request, response) => {
      request.destroy();
      this.#end(way?.refusal ?? noJanus(address, `HTTP ${response.statusCode}`));
    });
    ws.on('error', (cause: Error) =>
      this.#end(
        this.#opened
          ? lostSocket(cause)
          : (way?.refusal ??
              way?.unreachable(cause) ??
              // A server of HTTP that speaks no protocol of this name.
              (/protocol/i.test(cause.message)
                ? noJanus(address, cause.message)
                : new SluiceError('SLUICE_JOIN_UNREACHABLE', `no Janus server answers at ${address.host}`, {
                    cause,
                    fix: advice(address, cause),
                  }))),
      ),
    );
    ws.on('close', (code, reason) => this.#end(lostSocket(undefined, `${code} ${reason}`.trim())));
  }

  #heard(): void {
    this.#heardAt = this.#clock.now();
  }

  #ping(): void {
    this.#cancelPing = this.#clock.at(this.#clock.now() + PING_MS, () => {
      if (this.#clock.now() - this.#heardAt > DEAD_AFTER_MS) return this.#end(lostSocket());
      this.#ws.ping();
      this.#ping();
    });
  }

  #end(error: SluiceError): void {
    this.#cancelPing();
    if (this.#closed) return;
    this.#closed = true;
    this.#ws.terminate();
    this.#handlers.closed(error);
  }
}

function noJanus(address: URL, received: string): SluiceError {
  return new SluiceError('SLUICE_JOIN_REFUSED', `the server at ${address.host} is no Janus server`, {
    expected: 'a WebSocket that speaks janus-protocol',
    received,
    fix: 'Check host and port: ws_port of janus.transport.websockets.jcfg, which is 8188 by default',
  });
}

function advice({ hostname, protocol }: URL, cause: Error): string {
  const code = systemCode(cause);
  if (code === 'ECONNREFUSED') return 'Nothing listens there: start Janus (npm run janus), or check host and port';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `Check the name ${hostname}: no address is known of it`;
  if (/CERT|SIGNED|VERIFY/.test(code))
    return 'Its certificate is not trusted: give the one of its authority with NODE_EXTRA_CA_CERTS';
  if (/^(EPROTO|ERR_SSL_|HPE_|ECONNRESET)/.test(code))
    return `Try ${protocol === 'wss:' ? 'janus+ws' : 'janus+wss'}: what listens there speaks otherwise, or is no Janus server`;
  return `Check host and port, and that a Janus server runs there: ${cause.message}`;
}

/** @param received The code and the words with which the server closed it. */
function lostSocket(cause?: Error, received?: string): SluiceError {
  return new SluiceError('SLUICE_ROOM_LOST', 'the connection to the Janus server broke', {
    ...(received !== undefined && { received }),
    fix: 'Join again, and look whether host and port are those of a Janus server',
    ...(cause !== undefined && { cause }),
  });
}
