import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Cancel, type Clock, checkKeys, outOfRange, realClock, sleep } from '@sluice/core';

/** Where a {@link TcpRelay} carries connections to. */
export interface TcpRelayOptions {
  /** Port of 127.0.0.1 that connections are carried to. */
  readonly port: number;
  /** Default: the real clock. */
  readonly clock?: Clock;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** True: what arrives is thrown away and an end is not passed on, for good. */
  dead: boolean;
}

const HOST = '127.0.0.1';

/**
 * Stands between a client and a server of this machine and breaks TCP the ways networks do: stalls, cuts, resets,
 * half-open connections, trickles. For signalling and HTTP; media goes over `UdpRelay`.
 */
export class TcpRelay {
  readonly #server: Server;
  readonly #target: number;
  readonly #clock: Clock;
  readonly #pairs = new Set<Pair>();
  readonly #timers = new Set<Cancel>();
  #stalled = false;
  #refusing = false;
  #drip: number | undefined;
  /** What is to be done at a piece that comes, and after how many others. */
  #script: { left: number; readonly act: () => void } | undefined;
  #accepted = 0;
  #carried = 0;

  /** Starts to listen on a free port of 127.0.0.1. */
  static async open(options: TcpRelayOptions): Promise<TcpRelay> {
    checkKeys<TcpRelayOptions>('TcpRelay', options, { port: true, clock: true });
    const { port, clock = realClock } = options;
    if (!(Number.isInteger(port) && port > 0 && port < 65_536)) throw outOfRange('port', '1 to 65535', port);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, HOST, resolve);
    });
    return new TcpRelay(server, port, clock);
  }

  private constructor(server: Server, target: number, clock: Clock) {
    this.#server = server;
    this.#target = target;
    this.#clock = clock;
    server.on('connection', (client) => this.#accept(client));
  }

  /** Connect here instead of to the server. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Connections that are open now, connections accepted so far, and bytes carried. */
  get counts(): { readonly open: number; readonly accepted: number; readonly bytes: number } {
    return { open: this.#pairs.size, accepted: this.#accepted, bytes: this.#carried };
  }

  /** Carries nothing for `ms`, nor until `restore()` if that is infinite; nothing is lost. Resolves when it goes on. */
  async stall(ms = Number.POSITIVE_INFINITY): Promise<void> {
    this.#setStalled(true);
    if (ms === Number.POSITIVE_INFINITY) return;
    await sleep(this.#clock, ms);
    this.#setStalled(false);
  }

  /** Ends every connection in order (FIN) and refuses new ones for `ms`. Resolves when they are taken again. */
  async cut(ms = Number.POSITIVE_INFINITY): Promise<void> {
    this.#refusing = true;
    for (const { client, server } of this.#pairs) {
      client.destroy();
      server.destroy();
    }
    if (ms === Number.POSITIVE_INFINITY) return;
    await sleep(this.#clock, ms);
    this.#refusing = false;
  }

  /** Breaks every connection with a reset (RST), both ends. New ones are taken. */
  reset(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /**
   * Leaves every present connection open and dead: nothing is carried, no end is passed on, neither side is told. New
   * connections work.
   */
  halfOpen(): void {
    for (const pair of this.#pairs) pair.dead = true;
  }

  /**
   * Calls `act` once, when the piece of that number from now on comes, of either side, before it is carried: with `cut` or
   * `reset` it never is. A piece is what one read gave, a message of a conversation that takes turns. The first is 1.
   */
  atPiece(number: number, act: () => void): void {
    if (!(Number.isInteger(number) && number > 0)) throw outOfRange('number', 'an integer above 0', number);
    this.#script = { left: number, act };
  }

  /** From now on carries one byte each `ms`, each way. Undefined: as it comes. */
  setDrip(ms: number | undefined): void {
    if (ms !== undefined && !(ms > 0)) throw outOfRange('ms', 'above 0 ms', ms);
    this.#drip = ms;
  }

  /** Ends stalls, refusals and drips, and what waits for a piece. Dead connections stay dead. */
  restore(): void {
    this.#script = undefined;
    this.#refusing = false;
    this.#drip = undefined;
    this.#setStalled(false);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    await this.cut();
    if (this.#server.listening) await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(client: Socket): void {
    if (this.#refusing) {
      client.resetAndDestroy();
      return;
    }
    this.#accepted++;
    const server = connect({ port: this.#target, host: HOST, allowHalfOpen: true });
    client.allowHalfOpen = true;
    const pair: Pair = { client, server, dead: false };
    this.#pairs.add(pair);
    this.#carry(pair, client, server);
    this.#carry(pair, server, client);
    if (this.#stalled) pauseBoth(pair);
  }

  #carry(pair: Pair, from: Socket, to: Socket): void {
    from.setNoDelay(true);
    from.on('data', (bytes) => {
      if (pair.dead) return;
      this.#count();
      if (this.#drip !== undefined) this.#trickle(pair, from, to, bytes, 0);
      else if (this.#write(to, bytes) === false && !this.#stalled) {
        from.pause();
        to.once('drain', () => {
          if (!this.#stalled) from.resume();
        });
      }
    });
    from.on('end', () => {
      if (!pair.dead) to.end();
    });
    // A reset on one side is one on the other; the close that follows an error needs no telling.
    from.on('error', () => {
      if (!pair.dead) to.resetAndDestroy();
    });
    from.on('close', () => {
      if (!pair.dead && !to.destroyed && from.readableEnded === false) to.destroy();
      if (pair.client.destroyed && pair.server.destroyed) this.#pairs.delete(pair);
    });
  }

  #count(): void {
    const script = this.#script;
    if (script === undefined || --script.left > 0) return;
    this.#script = undefined;
    script.act();
  }

  /** One byte, then the next after a while; the sender is not read meanwhile, so it feels the back-pressure. */
  #trickle(pair: Pair, from: Socket, to: Socket, bytes: Buffer, at: number): void {
    from.pause();
    if (at >= bytes.length || to.destroyed || pair.dead) {
      if (!this.#stalled) from.resume();
      return;
    }
    if (this.#drip === undefined) {
      this.#write(to, bytes.subarray(at));
      if (!this.#stalled) from.resume();
      return;
    }
    this.#write(to, bytes.subarray(at, at + 1));
    const cancel = this.#clock.at(this.#clock.now() + this.#drip, () => {
      this.#timers.delete(cancel);
      this.#trickle(pair, from, to, bytes, at + 1);
    });
    this.#timers.add(cancel);
  }

  #write(to: Socket, bytes: Buffer): boolean {
    this.#carried += bytes.length;
    return to.writable ? to.write(bytes) : true;
  }

  #setStalled(stalled: boolean): void {
    this.#stalled = stalled;
    for (const pair of this.#pairs) {
      if (stalled) pauseBoth(pair);
      else {
        pair.client.resume();
        pair.server.resume();
      }
    }
  }
}

function pauseBoth({ client, server }: Pair): void {
  client.pause();
  server.pause();
}
