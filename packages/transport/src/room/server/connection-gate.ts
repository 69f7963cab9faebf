import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@sluice/core';
import { sourceOf } from './source-of.ts';

/** How long a connection that is one too many may ask, in milliseconds: it is told that the server is busy. */
const BUSY_MS = 2_000;

export interface ConnectionGateOptions {
  readonly clock: Clock;
  /** Connections of one address. */
  readonly perAddress: number;
  /** Connections in all. */
  readonly total: number;
}

/**
 * Counts connections where they come in, before a byte of them was read, so that one address cannot take the room of the
 * others. What is one too many gets one answer, 503, and is closed; twice as many as there may be are closed at once.
 */
export class ConnectionGate {
  readonly #options: ConnectionGateOptions;
  readonly #addresses = new Map<string, number>();
  readonly #busy = new Set<string>();
  #open = 0;

  /** Before the server listens. */
  constructor(server: Server, options: ConnectionGateOptions) {
    this.#options = options;
    server.on('connection', (socket: Socket) => this.#take(socket));
  }

  /** Whether this connection, or the TLS above it, is one too many. */
  isBusy(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): boolean {
    return this.#busy.has(nameOf(socket));
  }

  #take(socket: Socket): void {
    const { perAddress, total, clock } = this.#options;
    const address = sourceOf(socket.remoteAddress);
    const name = nameOf(socket);
    const ofAddress = (this.#addresses.get(address) ?? 0) + 1;
    this.#addresses.set(address, ofAddress);
    this.#open++;
    let cancel = () => {};
    socket.once('close', () => {
      cancel();
      this.#open--;
      this.#busy.delete(name);
      const left = this.#addresses.get(address)! - 1;
      if (left === 0) this.#addresses.delete(address);
      else this.#addresses.set(address, left);
    });
    if (ofAddress > 2 * perAddress || this.#open > 2 * total) return void socket.destroy();
    if (ofAddress <= perAddress && this.#open <= total) return;
    this.#busy.add(name);
    cancel = clock.at(clock.now() + BUSY_MS, () => socket.destroy());
  }
}

function nameOf({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress} ${remotePort}`;
}
