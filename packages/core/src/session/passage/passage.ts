// The border between a recorded graph and the outside: what may cross it, in both directions. Nothing here records or
// replays; that is what those who implement it do.

import type { Clock } from '../../time/clock.ts';

/** One way across the border: of one subscription, one session of a model, one receipt. */
export interface Crossing {
  /**
   * Inside to outside: `act` does it, if there is an outside. What is told during it comes in at once, in its order.
   * `keep` says whether samples are in the record, or their hash.
   */
  call(what: string, value: unknown, act: () => void, keep?: 'bytes' | 'hash'): void;
  /** Looks at something outside; `otherwise` is the answer when the session is over. */
  ask<T>(what: string, look: () => T, otherwise: T): T;
  /** Outside to inside. Comes in its turn; what was told after `close` is dropped. */
  tell(what: string, value?: unknown): void;
  /** Nothing more comes in. */
  close(): void;
}

/** Takes what is told from outside. */
export type Told = (what: string, value: unknown) => void;

export interface Passage {
  /** The graph's clock. */
  readonly clock: Clock;
  /** The clock of the outside; undefined on a replay, where there is none. */
  readonly outside: Clock | undefined;
  random(): number;
  /** Opens a way for the end of this name. Ways are known by the order in which they are opened. */
  open(end: string, told: Told): Crossing;
  /** Lets the outside command the inside. Returns what the outside calls. */
  control(
    name: string,
    handle: (args: readonly unknown[]) => unknown,
  ): (...args: readonly unknown[]) => Promise<unknown>;
  /** Something of an end does not go through the border. */
  doubt(node: string, why: string): void;
}

/** A promise of the outside, which settles inside in its turn. */
export function promised<T>(
  passage: Pick<Passage, 'open'>,
  end: string,
  what: string,
  value: unknown,
  act: () => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const crossing = passage.open(end, (told, result) => {
      crossing.close();
      if (told === 'done') resolve(result as T);
      else reject(result);
    });
    crossing.call(what, value, () => {
      act().then(
        (result) => crossing.tell('done', result),
        (error: unknown) => crossing.tell('failed', error),
      );
    });
  });
}
