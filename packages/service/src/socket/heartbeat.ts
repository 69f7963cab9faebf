import type { WebSocket } from 'ws';
import type { ServiceSocketOptions } from './socket-options.ts';

/**
 * Signs of life of a connection, by the machine's time: they concern the network, and a virtual clock that runs through an
 * hour in a second would take every connection for dead.
 */
export class Heartbeat {
  readonly #timers: NodeJS.Timeout[] = [];
  #missed = 0;

  constructor(ws: WebSocket, { pingMs = 10_000, keepAlive }: ServiceSocketOptions, onDead: () => void) {
    ws.on('pong', () => this.heard());
    ws.on('ping', () => this.heard());
    const ping = () => {
      if (++this.#missed > 2) onDead();
      else if (ws.readyState === ws.OPEN) ws.ping();
    };
    this.#timers.push(setInterval(ping, pingMs));
    if (keepAlive === undefined) return;
    const { everyMs, message } = keepAlive;
    const tell = () => {
      const said = message();
      const plain = typeof said === 'string' || said instanceof Uint8Array;
      if (ws.readyState === ws.OPEN) ws.send(plain ? said : JSON.stringify(said));
    };
    this.#timers.push(setInterval(tell, everyMs));
  }

  heard(): void {
    this.#missed = 0;
  }

  stop(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }
}
