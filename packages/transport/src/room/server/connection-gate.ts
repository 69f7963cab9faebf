import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@sluice/core';
import { sourceOf } from './source-of.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

/** How long a connection that is one too many may ask, in milliseconds: it is told that the server is busy. */
const BUSY_MS = 2_000;

export interface ConnectionGateOptions {
  readonly clock: Clock;
  /** Connections of one address. */
  readonly perAddress: number;
  /** Connections in all. */
  readonly total: number;
  /** Through them many come: of their connections there is no bound but that of all. */
  readonly proxies: TrustedProxies;
}

/** What names a connection, below TLS and above it. */
type Named = Pick<Socket, 'remoteAddress' | 'remotePort'>;

/**
 * Counts connections where they come in, before a byte of them was read, so that one address cannot take the room of the
 * others. For one too many the oldest that has asked for nothing yet is closed: of its own address, or of the one that has
 * most. Where all have asked for something, it gets one answer, 503, and is closed; twice as many as there may be are closed
 * at once.
 */
export class ConnectionGate {
  readonly #options: ConnectionGateOptions;
  /** Those that have asked for nothing, by address and from the oldest on. */
  readonly #silent = new Map<string, Map<string, Socket>>();
  readonly #counts = new Map<string, number>();
  readonly #busy = new Set<string>();
  #open = 0;

  /** Before the server listens. */
  constructor(server: Server, options: ConnectionGateOptions) {
    this.#options = options;
    server.on('connection', (socket: Socket) => this.#take(socket));
  }

  /** It, or the TLS above it, asks for something. Returns false where it is one too many. */
  asks(socket: Named): boolean {
    const name = nameOf(socket);
    this.#silent.get(sourceOf(socket.remoteAddress))?.delete(name);
    return !this.#busy.has(name);
  }

  #take(socket: Socket): void {
    const { proxies, total, clock } = this.#options;
    const perAddress = proxies.has(socket.remoteAddress) ? total : this.#options.perAddress;
    const address = sourceOf(socket.remoteAddress);
    const name = nameOf(socket);
    this.#count(address, 1);
    let cancel = () => {};
    socket.once('close', () => {
      cancel();
      this.#busy.delete(name);
      this.#silentOf(address).delete(name);
      this.#count(address, -1);
    });
    if (this.#counts.get(address)! > 2 * perAddress || this.#open > 2 * total) return void socket.destroy();
    const isRoom =
      (this.#counts.get(address)! <= perAddress || this.#giveWay(address)) &&
      (this.#open <= total || this.#giveWay(this.#most()));
    if (isRoom) return void this.#silentOf(address).set(name, socket);
    this.#busy.add(name);
    cancel = clock.at(clock.now() + BUSY_MS, () => socket.destroy());
  }

  /** Closes the oldest of an address that has asked for nothing. Returns false where there is none. */
  #giveWay(address: string): boolean {
    const oldest = this.#silentOf(address).entries().next().value;
    if (oldest === undefined) return false;
    this.#silentOf(address).delete(oldest[0]);
    oldest[1].destroy();
    return true;
  }

  /** The address with the most that have asked for nothing. */
  #most(): string {
    let [found, most] = ['', 0];
    for (const [address, { size }] of this.#silent) if (size > most) [found, most] = [address, size];
    return found;
  }

  #silentOf(address: string): Map<string, Socket> {
    return this.#silent.get(address) ?? new Map();
  }

  #count(address: string, change: 1 | -1): void {
    const count = (this.#counts.get(address) ?? 0) + change;
    this.#open += change;
    if (count === 0) {
      this.#counts.delete(address);
      this.#silent.delete(address);
      return;
    }
    this.#counts.set(address, count);
    if (!this.#silent.has(address)) this.#silent.set(address, new Map());
  }
}

function nameOf({ remoteAddress, remotePort }: Named): string {
  return `${remoteAddress} ${remotePort}`;
}
