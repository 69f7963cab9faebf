import { checkKeys, invalidArgument, type KeysOf } from '@sluice/core';

/** Called exactly once, never before the method has returned. */
export type Completion = (error: Error | null) => void;
/** Called exactly once with the data or an error, never before the method has returned. */
export type DataCompletion<T> = (data: T | null, error: Error | null) => void;

/** How long something may take, and who may end it early. */
export interface OperationOptions {
  /** Aborts waiting, and the work where that is possible. */
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly timeoutMs?: number;
}

/** The keys of `OperationOptions`, for those that extend them. */
export const operationKeys = { signal: true, timeoutMs: true } as const satisfies KeysOf<OperationOptions>;

/** Throws for options of an operation that there are not. */
export function checkOperation(name: string, options: OperationOptions): void {
  checkKeys<OperationOptions>(name, options, operationKeys);
}

/** Options and completion as they were given: the completion may come alone. */
export function optionsAndCompletion<O extends OperationOptions, C extends (...results: never[]) => void>(
  given: O | C,
  completion: C | undefined,
): { readonly options: O; readonly completion: C | undefined } {
  // Every option may be left out.
  return typeof given === 'function' ? { options: {} as O, completion: given } : { options: given, completion };
}

/** Throws for a completion that is none: what was given in its place would be passed over in silence. */
export function checkCompletion(completion: unknown): void {
  if (completion === undefined || typeof completion === 'function') return;
  throw invalidArgument('completion', 'a function as the last argument, or none', completion);
}

/** The completion of an operation without data. */
export function withoutData(
  completion: Completion | undefined,
): ((data: unknown, error: Error | null) => void) | undefined {
  return completion === undefined ? undefined : (_, error) => completion(error);
}
