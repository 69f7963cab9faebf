import type { NatsConnection } from '@nats-io/transport-node';
import { fleetError } from '../errors.ts';

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
   * @throws SluiceError `SLUICE_FLEET_UNREACHABLE` where it is not back within `waitMs`
   */
  async back(waitMs: number): Promise<void> {
    if (this.connected) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        forget();
        reject(
          fleetError('SLUICE_FLEET_UNREACHABLE', `the server was away for ${waitMs / 1_000} s more`, {
            fix: 'Ask again when it is back; what runs goes on meanwhile',
          }),
        );
      }, waitMs);
      const forget = this.onConnected(() => {
        clearTimeout(timer);
        forget();
        resolve();
      });
    });
  }

  /** The answer to what was asked. @throws SluiceError `SLUICE_FLEET_UNREACHABLE` at once where the server goes before it comes */
  async answered<T>(asked: Promise<T>): Promise<T> {
    let forget = () => {};
    const gone = new Promise<never>((_, reject) => {
      forget = this.onConnected((connected) => {
        if (!connected)
          reject(
            fleetError('SLUICE_FLEET_UNREACHABLE', 'the server went before it answered', {
              fix: 'Ask again: it may have been done or not',
            }),
          );
      });
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
