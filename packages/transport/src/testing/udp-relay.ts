import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { type Cancel, checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import {
  conditionKeys,
  type DropReason,
  Impairment,
  type ImpairmentOptions,
  type PacketDirection,
} from './impairment.ts';

/** Packets since the start: `sent` = `delivered` + `dropped` + `waiting` - `duplicated`. */
export interface RelayCounts {
  /** Received from one side for the other. */
  readonly sent: number;
  /** Sent on, copies included. */
  readonly delivered: number;
  /** Never sent on. */
  readonly dropped: number;
  /** Second copies among those that were delivered. */
  readonly duplicated: number;
  /** Delayed or held now. */
  readonly waiting: number;
  /** Those that were dropped, by why. */
  readonly reasons: Readonly<Partial<Record<DropReason, number>>>;
}

/** Where a {@link UdpRelay} carries packets to, and what it does to them. */
export interface UdpRelayOptions extends ImpairmentOptions {
  /** Sockets kept ready, 1 to 256: each address that is relayed takes one. More are opened as they go. Default 16. */
  readonly sockets?: number;
  /**
   * IPv4 address of this machine that both sides are on. Another one than the default takes calls by way of a Janus server, which has no
   * media on loopback. Default `127.0.0.1`.
   */
  readonly host?: string;
}

/** Whose address it is: the impaired side's own, or one of the others'. */
export type RelaySide = 'local' | 'remote';

/** A real address and the relay's socket that stands for it. */
interface Endpoint {
  readonly side: RelaySide;
  readonly port: number;
  socket: Socket;
}

/** Sockets below which more are opened. */
const LOW_WATER = 8;

const LOOPBACK = '127.0.0.1';

/**
 * Stands between UDP peers on one address of this machine. Each real port gets a port of the relay that stands for it: what is sent to
 * the stand-in reaches the real one, and comes from the stand-in of whoever sent it, so that both sides see one stable
 * address for the other. What happens on the way is the impairment's decision.
 */
export class UdpRelay {
  readonly impairment: Impairment;
  /** Address of both sides, and of what stands for them. */
  readonly host: string;
  readonly #spare: Socket[];
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #retired: Socket[] = [];
  readonly #timers = new Set<Cancel>();
  #held: Record<PacketDirection, (() => void)[]> = { outgoing: [], incoming: [] };
  readonly #reasons: Partial<Record<DropReason, number>> = {};
  #sent = 0;
  #delivered = 0;
  #dropped = 0;
  #duplicated = 0;
  #closed = false;

  /** Opens the sockets. */
  static async open(options: UdpRelayOptions = {}): Promise<UdpRelay> {
    checkKeys<UdpRelayOptions>('UdpRelay', options, {
      ...conditionKeys,
      seed: true,
      clock: true,
      sockets: true,
      host: true,
    });
    const { sockets = 16, host = LOOPBACK, ...impairment } = options;
    if (!(Number.isInteger(sockets) && sockets >= 1 && sockets <= 256))
      throw outOfRange('sockets', '1 to 256', sockets);
    const wrong = () => invalidArgument('host', 'an IPv4 address of this machine', host);
    if (!isIPv4(host)) throw wrong();
    const spare = await Promise.all(Array.from({ length: sockets }, () => bind(host))).catch((error) => {
      throw error.code === 'EADDRNOTAVAIL' ? wrong() : error;
    });
    return new UdpRelay(spare, new Impairment(impairment), host);
  }

  private constructor(sockets: Socket[], impairment: Impairment, host: string) {
    this.#spare = sockets;
    this.host = host;
    this.impairment = impairment;
    impairment.onRelease((direction) => this.#release(direction));
  }

  get counts(): RelayCounts {
    return {
      sent: this.#sent,
      delivered: this.#delivered,
      dropped: this.#dropped,
      duplicated: this.#duplicated,
      waiting: this.#timers.size + this.#held.outgoing.length + this.#held.incoming.length,
      reasons: { ...this.#reasons },
    };
  }

  /** The relay's port that stands for `port` of its host. The same for the same port. */
  relayed(side: RelaySide, port: number): number {
    const key = `${side}:${port}`;
    let endpoint = this.#endpoints.get(key);
    if (endpoint === undefined) {
      endpoint = { side, port, socket: this.#take() };
      this.#endpoints.set(key, endpoint);
      this.#listen(endpoint);
    }
    return endpoint.socket.address().port;
  }

  /**
   * Gives the impaired side new addresses, as a NAT does that forgot: what it sends comes from new ports from now on,
   * and what is sent to the old ones is lost.
   */
  rebind(): void {
    for (const endpoint of this.#endpoints.values()) {
      if (endpoint.side !== 'local') continue;
      const old = endpoint.socket;
      endpoint.socket = this.#take();
      this.#listen(endpoint);
      old.removeAllListeners('message');
      old.on('message', () => this.#count('no-path'));
      this.#retired.push(old);
    }
  }

  /** Drops what waits and closes all sockets. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#held = { outgoing: [], incoming: [] };
    const endpoints = [...this.#endpoints.values()].map((endpoint) => endpoint.socket);
    for (const socket of [...this.#spare, ...this.#retired, ...endpoints]) socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #take(): Socket {
    if (this.#closed) throw invalidArgument('relay', 'an open relay', 'a closed one');
    const socket = this.#spare.pop();
    if (socket === undefined)
      throw outOfRange('sockets', `more than ${this.#endpoints.size} for as many addresses at once`, 0);
    if (this.#spare.length < LOW_WATER) void this.#refill();
    return socket;
  }

  async #refill(): Promise<void> {
    const socket = await bind(this.host);
    if (this.#closed) socket.close();
    else this.#spare.push(socket);
  }

  #listen(endpoint: Endpoint): void {
    endpoint.socket.on('message', (packet, from) => this.#relay(packet, from, endpoint));
  }

  #relay(packet: Buffer, from: RemoteInfo, target: Endpoint): void {
    const sender = this.#endpoints.get(`${target.side === 'local' ? 'remote' : 'local'}:${from.port}`);
    const direction = target.side === 'remote' ? 'outgoing' : 'incoming';
    // An address nobody announced has no stand-in to come from; ICE asks again once it is known.
    if (sender === undefined) return this.#count('no-path');
    const verdict = this.impairment.decide(packet.length, direction);
    if (verdict.status === 'drop') return this.#count(verdict.reason);
    this.#sent++;
    const send = () => {
      if (this.#closed) return;
      this.#delivered++;
      sender.socket.send(packet, target.port, this.host);
    };
    if (verdict.status === 'hold') {
      this.#held[direction].push(send);
      return;
    }
    this.#duplicated += verdict.due.length - 1;
    for (const due of verdict.due) this.#sendAt(due, send);
  }

  #sendAt(due: number, send: () => void): void {
    const { clock } = this.impairment;
    if (due <= clock.now()) return send();
    const cancel = clock.at(due, () => {
      this.#timers.delete(cancel);
      send();
    });
    this.#timers.add(cancel);
  }

  #release(direction: PacketDirection): void {
    for (const send of this.#held[direction].splice(0)) send();
  }

  #count(reason: DropReason): void {
    this.#sent++;
    this.#dropped++;
    this.#reasons[reason] = (this.#reasons[reason] ?? 0) + 1;
  }
}

function bind(host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, host, () => {
      socket.off('error', reject);
      // A peer that is gone answers with ICMP: nothing to do about it.
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}
