import type { ClientRequest } from 'node:http';
import { SluiceError } from '@sluice/core';
import { HttpsProxyAgent } from 'https-proxy-agent';

interface ConnectAnswer {
  readonly statusCode: number;
}

/** The way of one socket through an HTTP proxy, and whose fault it is when it fails. */
export class ProxyWay {
  readonly agent: HttpsProxyAgent<string>;
  readonly #host: string;
  #status = 0;

  constructor(proxy: URL) {
    this.agent = new HttpsProxyAgent(proxy, { keepAlive: false });
    this.#host = proxy.host;
  }

  watch(request: ClientRequest): void {
    request.on('proxyConnect', ({ statusCode }: ConnectAnswer) => {
      this.#status = statusCode;
    });
  }

  /** The proxy's refusal; undefined where it let us through, or has not answered. */
  get refusal(): SluiceError | undefined {
    if (this.#status === 0 || this.#status === 200) return undefined;
    return new SluiceError('SLUICE_JOIN_REFUSED', `the proxy at ${this.#host} refused to connect`, {
      expected: 'HTTP 200 to CONNECT',
      received: `HTTP ${this.#status}`,
      fix:
        this.#status === 407
          ? 'It wants credentials, or others: setProxyUrl with http://user:password@host:port'
          : 'Ask who runs it whether it lets through to the room server, or setProxyUrl(null)',
    });
  }

  /** What broke before the proxy answered was the way to it. */
  unreachable(cause: Error): SluiceError | undefined {
    if (this.#status !== 0) return undefined;
    return new SluiceError('SLUICE_JOIN_UNREACHABLE', `no proxy answers at ${this.#host}`, {
      cause,
      fix: 'Check host and port of setProxyUrl, and that it is an HTTP proxy; setProxyUrl(null) goes without',
    });
  }
}
