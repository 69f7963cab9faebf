import type { Cancel } from '@sluice/core';
import type { Calls, InspectedCall } from '../protocol/calls.ts';
import { inspectLimits } from '../protocol/limits.ts';
import { callSample } from './call-sample.ts';

/** The calls that are shown: those that are added, and those that are found. Asked once a second. */
export class CallWatch {
  readonly #calls = new Map<number, { readonly name: string; readonly call: InspectedCall }>();
  readonly #found = new Map<InspectedCall, Cancel>();
  readonly #find: () => readonly InspectedCall[];
  readonly #tell: (calls: Calls) => void;
  readonly #media: boolean;
  #count = 0;
  #dueAt = 0;

  /**
   * @param find calls that are shown beside those that are added
   * @param media whether addresses may be told
   */
  constructor(find: () => readonly InspectedCall[], tell: (calls: Calls) => void, media: boolean) {
    this.#find = find;
    this.#tell = tell;
    this.#media = media;
  }

  /** Shows a call under a name. Returns what hides it. */
  add(call: InspectedCall, name: string): Cancel {
    const id = ++this.#count;
    this.#calls.set(id, { name, call });
    this.askSoon();
    return () => {
      if (this.#calls.delete(id)) this.#tell(this.#ask());
    };
  }

  /** Somebody new looks: the next look asks. */
  askSoon(): void {
    this.#dueAt = 0;
  }

  /** Asks them if a second is over. @param now by the same clock each time, in milliseconds */
  look(now: number): void {
    if (now < this.#dueAt || !this.#hasCalls()) return;
    this.#dueAt = now + inspectLimits.callsMs - inspectLimits.sampleMs / 2;
    this.#tell(this.#ask());
  }

  /** Takes in calls that have begun, and lets those go that are over. */
  #hasCalls(): boolean {
    const found = this.#find();
    for (const call of found)
      if (![...this.#calls.values()].some((known) => known.call === call))
        this.#found.set(call, this.add(call, 'call'));
    for (const [call, forget] of this.#found)
      if (!found.includes(call)) {
        this.#found.delete(call);
        forget();
      }
    return this.#calls.size > 0;
  }

  #ask(): Calls {
    const calls = [...this.#calls].map(([id, { name, call }]) => callSample(id, name, call, this.#media));
    return { type: 'calls', t: Date.now(), calls };
  }
}
