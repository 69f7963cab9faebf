import type { World } from './world.ts';

/** A row of the Daily SDK's reference, with what sluice has in its place and the test that shows it. */
export interface Row {
  /** As daily-python writes it. */
  readonly daily: string;
  /** The same thing here. */
  readonly sluice: string;
  /** `better`: the same and more. `not-applicable`: refused by name, and the test shows the refusal. */
  readonly verdict: 'same' | 'better' | 'not-applicable';
  /** What is better, or why it does not apply and what to use. */
  readonly note?: string;
  readonly check: (world: World) => Promise<void> | void;
}

export interface Section {
  readonly title: string;
  /** Whether its rows are rules rather than names. */
  readonly rules?: boolean;
  readonly rows: readonly Row[];
}
