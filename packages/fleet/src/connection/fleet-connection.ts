import type { NatsConnection } from '@nats-io/transport-node';

/** There is no server to ask. Named as the client's own errors of the kind, so that `natsFault` says what was tried. */
export class ServerAway extends Error {
  override readonly name = 'ConnectionError';
}

/** A connection to NATS, for the subjects of one tenant. Made by `connectNats`. */
export class FleetConnection implements AsyncDisposable {
  /** The connection of the client: for what this package does not do. */
  readonly nats: NatsConnection;
  readonly tenant: string;
  readonly #watchers = new Set<(connected: boolean) => void>();
  #connected = true;

  /** @internal */
  constructor(nats: NatsConnection, tenant: string) {
    this.nats = nats;
    this.tenant = tenant;
    void this.#follow();
  }

  /** Whether the server is there, as far as is known: up to 4 s late where it went without a word. */
  get connected(): boolean {
    return this.#connected && !this.nats.isClosed();
  }

  /** A subject of this tenant: `subject('jobs', 'greeter')` is `main.jobs.greeter`. */
  subject(...tokens: readonly string[]): string {
    return [this.tenant, ...tokens].join('.');
  }

  /** Tells each time that the server goes or comes back. Returns what ends the telling. */
  onConnected(tell: (connected: boolean) => void): () => void {
    this.#watchers.add(tell);
    return () => void this.#watchers.delete(tell);
  }

  /**
   * Resolves when the server is there: what is sent to one that is away is lost without a word, and found out late.
   *
   * @throws ServerAway where it is not back within `waitMs`, and at once where the connection was closed
   */
  async back(waitMs: number): Promise<void> {
    if (this.connected) return;
    if (this.nats.isClosed()) throw new ServerAway('the connection was closed');
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        forget();
        reject(new ServerAway(`it was away for ${waitMs / 1_000} s more`));
      }, waitMs);
      const forget = this.onConnected(() => {
        clearTimeout(timer);
        forget();
        resolve();
      });
    });
  }

  /** The answer to what was asked. @throws ServerAway at once where the server goes before it comes: it may have been done or not */
  async answered<T>(asked: Promise<T>): Promise<T> {
    let forget = () => {};
    const gone = new Promise<never>((_, reject) => {
      forget = this.onConnected((connected) => connected || reject(new ServerAway('it went before it answered')));
    });
    try {
      return await Promise.race([asked, gone]);
    } finally {
      forget();
    }
  }

  /** Sends what is on its way, where the server is there, and ends. */
  async close(): Promise<void> {
    if (this.nats.isClosed()) return;
    if (this.#connected) await this.nats.drain().catch(() => this.nats.close());
    else await this.nats.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.nats.status()) {
      if (type === 'disconnect' || type === 'staleConnection') this.#turn(false);
      else if (type === 'reconnect') this.#turn(true);
    }
    this.#turn(false);
  }

  #turn(connected: boolean): void {
    if (this.#connected === connected) return;
    this.#connected = connected;
    for (const tell of this.#watchers) tell(connected);
  }
}
