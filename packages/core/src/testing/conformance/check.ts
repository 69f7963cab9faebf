/** One thing that holds for every operator or node of a kind. */
export interface Check<Make> {
  /** What holds, as a sentence: the name of the test. */
  readonly name: string;
  /** True, or why it does not apply to what is tried. */
  readonly applies: true | string;
  /** Tries it on what `make` makes, anew for each try. Rejects with an `AssertionError` where it does not hold. */
  readonly run: (make: Make) => Promise<void>;
}

/** A check that applies, or not for a reason: `applies || reason`. */
export function check<Make>(name: string, run: Check<Make>['run'], applies: true | string = true): Check<Make> {
  return { name, applies, run };
}

/** The reason for what a profile says, where it says it. */
export function unless(holds: boolean, reason: string): true | string {
  return holds || reason;
}
