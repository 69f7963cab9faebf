import type { Clock } from '@sluice/core';
import type { HostConnectionEvents } from '../media-host.ts';
import { Heartbeat } from './heartbeat.ts';
import type { PeerConnection } from './wrtc.ts';

type State = HostConnectionEvents['state'];

/** Whether a connection is up: what the engine says, and what heartbeats and packets of the far side say before it does. */
export class ConnectionState {
  readonly #pc: PeerConnection;
  readonly #changed: (state: State) => void;
  readonly #heartbeat: Heartbeat;
  /** As the engine says, and as was told. */
  #engineState: State = 'new';
  #told: State = 'new';
  #received = 0;

  constructor(pc: PeerConnection, clock: Clock, changed: (state: State) => void) {
    this.#pc = pc;
    this.#changed = changed;
    this.#heartbeat = new Heartbeat(pc, clock, this.#tell);
    pc.onconnectionstatechange = () => {
      // The way is there again, whatever became of the heartbeat's channel.
      if (pc.connectionState === 'connected' && this.#engineState !== 'connected') this.#heartbeat.alive();
      this.#engineState = pc.connectionState;
      this.#tell();
    };
  }

  /** So many packets have come since the beginning, and the newest of them was played then. */
  packets(received: number, newestAt: number): void {
    if (received > this.#received) this.#heartbeat.media(newestAt);
    this.#received = received;
  }

  close(): void {
    this.#pc.onconnectionstatechange = null;
    this.#heartbeat.close();
    this.#told = 'closed';
  }

  readonly #tell = (): void => {
    const state = this.#engineState === 'connected' && this.#heartbeat.gone ? 'disconnected' : this.#engineState;
    if (this.#told === 'closed' || state === this.#told) return;
    this.#told = state;
    this.#changed(state);
  };
}
