import { type Clock, outOfRange, sleep } from '@sluice/core';
import type { PacketDirection, PathConditions } from './impairment.ts';
import type { RelayCounts, UdpRelay } from './udp-relay.ts';

/**
 * A path that a test makes worse, by hand or by a script. Directions are those of the impaired side: `outgoing` is what
 * it sends. Times are milliseconds of the relay's clock.
 */
export class ImpairedPath implements Disposable {
  readonly relay: UdpRelay;
  readonly #onClose: () => void;

  constructor(relay: UdpRelay, onClose: () => void = () => {}) {
    this.relay = relay;
    this.#onClose = onClose;
  }

  get counts(): RelayCounts {
    return this.relay.counts;
  }

  /** Replaces loss, delay and the like, for one direction or both. `{}` makes the path perfect. */
  set(conditions: PathConditions, direction?: PacketDirection): void {
    this.relay.impairment.set(conditions, direction);
  }

  /** Drops everything for `ms`, or until `restore()`. Resolves when the link is back. */
  async cut(ms: number, direction?: PacketDirection): Promise<void> {
    checkDuration(ms);
    this.relay.impairment.setCut(true, direction);
    if (ms === Number.POSITIVE_INFINITY) return;
    await sleep(this.#clock, ms);
    this.relay.impairment.setCut(false, direction);
  }

  /** Keeps everything back for `ms`, or until `restore()`, then lets it go at once. Resolves then. */
  async hold(ms: number, direction?: PacketDirection): Promise<void> {
    checkDuration(ms);
    this.relay.impairment.setHeld(true, direction);
    if (ms === Number.POSITIVE_INFINITY) return;
    await sleep(this.#clock, ms);
    this.relay.impairment.setHeld(false, direction);
  }

  /** Ends cuts and holds. */
  restore(direction?: PacketDirection): void {
    this.relay.impairment.setCut(false, direction);
    this.relay.impairment.setHeld(false, direction);
  }

  /** The impaired side appears under new ports, as after a NAT forgot it. */
  rebind(): void {
    this.relay.rebind();
  }

  /** Runs `step` in `ms`: a script is a few of these. Resolves when the step has. */
  async after(ms: number, step: (path: ImpairedPath) => void | Promise<void>): Promise<void> {
    checkDuration(ms);
    await sleep(this.#clock, ms);
    await step(this);
  }

  /** Takes the relay out. What still uses it is cut off for good. */
  close(): void {
    this.#onClose();
    this.relay.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get #clock(): Clock {
    return this.relay.impairment.clock;
  }
}

function checkDuration(ms: number): void {
  if (!(ms >= 0)) throw outOfRange('ms', 'at least 0 ms', ms);
}
