import { type NatsConnection, PermissionViolationError } from '@nats-io/transport-node';
import type { SluiceError } from '@sluice/core';
import { natsFault } from './nats-fault.ts';

/** So many different faults are told once each; beyond them it begins anew. */
const MOST_FAULTS = 64;

/** There is no server to ask. Named as the client's own errors of the kind, so that `natsFault` says what was tried. */
export class ServerAway extends Error {
  override readonly name: string = 'ConnectionError';
}

/** There will be none: the connection was closed, by whoever has it. */
class ClosedForGood extends ServerAway {
  override readonly name = 'ClosedConnectionError';
}

/** A connection to NATS, for the subjects of one tenant. Made by `connectNats`. */
export class FleetConnection implements AsyncDisposable {
  /** The connection of the client: for what this package does not do. */
  readonly nats: NatsConnection;
  readonly tenant: string;
  readonly #watchers = new Set<(connected: boolean) => void>();
  readonly #faultWatchers = new Set<(fault: SluiceError) => void>();
  readonly #refusalWatchers = new Set<(subject: string, fault: SluiceError) => void>();
  readonly #closeWatchers = new Set<(reason: unknown) => void>();
  readonly #toldFaults = new Set<string>();
  readonly #endMs: () => number | undefined;
  #connected = true;

  /** @internal */
  constructor(nats: NatsConnection, tenant: string, endMs: () => number | undefined) {
    this.nats = nats;
    this.#endMs = endMs;
    this.tenant = tenant;
    void this.#follow();
    void nats.closed().then((reason) => {
      for (const tell of [...this.#closeWatchers]) tell(reason);
    });
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
   * Tells what the server refuses, also where nobody waits for an answer: a subject that these credentials may not use
   * (a log, a beat of a worker), credentials that have ended while it is away. The same in the same words is told once.
   * Returns what ends the telling.
   */
  onFault(tell: (fault: SluiceError) => void): () => void {
    this.#faultWatchers.add(tell);
    return () => void this.#faultWatchers.delete(tell);
  }

  /**
   * Tells each publication that the server refuses, by its subject. Returns what ends the telling.
   *
   * @internal
   */
  onRefused(tell: (subject: string, fault: SluiceError) => void): () => void {
    this.#refusalWatchers.add(tell);
    return () => void this.#refusalWatchers.delete(tell);
  }

  /**
   * Tells why the connection has ended for good. Returns what ends the telling.
   *
   * @internal
   */
  onClosed(tell: (reason: unknown) => void): () => void {
    this.#closeWatchers.add(tell);
    return () => void this.#closeWatchers.delete(tell);
  }

  /**
   * Resolves when the server is there: what is sent to one that is away is lost without a word, and found out late.
   *
   * @throws ServerAway where it is not back within `waitMs`, and at once where the connection was closed
   */
  async back(waitMs: number): Promise<void> {
    if (this.connected) return;
    if (this.nats.isClosed()) throw new ClosedForGood('the connection was closed');
    let timer: NodeJS.Timeout | undefined;
    let forget = [() => {}];
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(new ServerAway(`it was away for ${waitMs / 1_000} s more`)), waitMs);
        const closed = () => reject(new ClosedForGood('the connection was closed meanwhile'));
        forget = [this.onConnected(() => resolve()), this.onClosed(closed)];
      });
    } finally {
      clearTimeout(timer);
      for (const one of forget) one();
    }
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
    for await (const status of this.nats.status()) {
      if (status.type === 'disconnect' || status.type === 'staleConnection') this.#turn(false);
      else if (status.type === 'reconnect') this.#turn(true);
      else if (status.type === 'error') this.#fault(status.error);
    }
    this.#turn(false);
  }

  #fault(error: Error): void {
    const isRefusal = error instanceof PermissionViolationError;
    const what = isRefusal ? 'NATS refuses a subject' : `NATS ended the connection of ${this.tenant}`;
    const fault = natsFault(what, error, this.#endMs());
    if (isRefusal && error.operation === 'publish')
      for (const tell of [...this.#refusalWatchers]) tell(error.subject, fault);
    if (this.#toldFaults.has(fault.message)) return;
    if (this.#toldFaults.size === MOST_FAULTS) this.#toldFaults.clear();
    this.#toldFaults.add(fault.message);
    for (const tell of [...this.#faultWatchers]) tell(fault);
  }

  #turn(connected: boolean): void {
    if (this.#connected === connected) return;
    this.#connected = connected;
    for (const tell of this.#watchers) tell(connected);
  }
}
