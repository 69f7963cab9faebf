import { VirtualClock } from '@sluice/core/testing';

/** Turns of the event loop that work gets which waits for nothing but the machine. */
const TURNS = 4;

/** A virtual clock that work holds only as long as it can be done by the machine: what hangs does not stop time. */
export class FreeClock extends VirtualClock {
  override track<T>(work: Promise<T>): Promise<T> {
    void super.track(Promise.race([work, turns()]).catch(() => {}));
    return work;
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
