import { toError } from '@sluice/core';

/** So many different faults are told once each; beyond them it begins anew. */
const MOST_FAULTS = 64;

/** What is wrong with messages, each fault told once: whoever floods a subject would drown all else that a graph reports. */
export class ToldFaults {
  readonly #tell: (error: unknown) => void;
  readonly #told = new Set<string>();

  constructor(tell: (error: unknown) => void) {
    this.#tell = tell;
  }

  tell(error: unknown): void {
    // Behind that stands what came just now, which is another size or number each time.
    const [what = ''] = toError(error).message.split(';', 1);
    if (this.#told.has(what)) return;
    if (this.#told.size === MOST_FAULTS) this.#told.clear();
    this.#told.add(what);
    this.#tell(error);
  }
}
