/** Called exactly once, never before the method has returned. */
export type Completion = (error: Error | null) => void;
/** Called exactly once with the data or an error, never before the method has returned. */
export type DataCompletion<T> = (data: T | null, error: Error | null) => void;

export interface OperationOptions {
  /** Aborts waiting, and the work where that is possible. */
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly timeoutMs?: number;
}

/** Options and completion as they were given: the completion may come alone. */
export function optionsAndCompletion<C extends (...results: never[]) => void>(
  given: OperationOptions | C,
  completion: C | undefined,
): { readonly options: OperationOptions; readonly completion: C | undefined } {
  return typeof given === 'function' ? { options: {}, completion: given } : { options: given, completion };
}

/** The completion of an operation without data. */
export function withoutData(
  completion: Completion | undefined,
): ((data: unknown, error: Error | null) => void) | undefined {
  return completion === undefined ? undefined : (_, error) => completion(error);
}
