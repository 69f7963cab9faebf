import type { Cancel } from '@sluice/core';
import type { Fleets, InspectedFleet } from '../protocol/fleets.ts';
import { inspectLimits } from '../protocol/limits.ts';
import { ObservedFleet } from './observed-fleet.ts';

/** The fleets that are shown. Told once a second with what is known, and as soon as one of them has answered. */
export class FleetWatch {
  readonly #fleets = new Map<number, { readonly name: string; readonly observed: ObservedFleet }>();
  readonly #tell: (fleets: Fleets) => void;
  #count = 0;
  #dueAt = 0;

  constructor(tell: (fleets: Fleets) => void) {
    this.#tell = tell;
  }

  /** Shows a fleet under a name. Returns what hides it. */
  add(fleet: InspectedFleet, name: string): Cancel {
    const id = ++this.#count;
    this.#fleets.set(id, { name, observed: new ObservedFleet(fleet) });
    this.askSoon();
    return () => {
      if (this.#fleets.delete(id)) this.#tell(this.#known());
    };
  }

  /** Somebody new looks: the next look tells. */
  askSoon(): void {
    this.#dueAt = 0;
  }

  /** Asks and tells if a second is over. @param now by the same clock each time, in milliseconds */
  look(now: number): void {
    if (now < this.#dueAt || this.#fleets.size === 0) return;
    this.#dueAt = now + inspectLimits.fleetMs - inspectLimits.sampleMs / 2;
    for (const [id, { observed }] of this.#fleets)
      observed.ask(() => {
        if (this.#fleets.has(id)) this.#tell(this.#known());
      });
    this.#tell(this.#known());
  }

  #known(): Fleets {
    const fleets = [...this.#fleets].map(([id, { name, observed }]) => observed.sample(id, name));
    return { type: 'fleets', t: Date.now(), fleets };
  }
}
