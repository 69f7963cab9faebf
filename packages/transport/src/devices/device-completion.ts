import { SluiceError, toError } from '@sluice/core';

/**
 * Calls a completion of a device. What it throws is a warning of the process: a device belongs to no client that could tell it
 * as `error`, and neither the other completions nor the calls that use the device have done anything wrong.
 */
export function complete<T>(completion: ((value: T) => void) | undefined, value: T): void {
  try {
    completion?.(value);
  } catch (cause) {
    const what = `a completion of a device threw: ${toError(cause).message}`;
    process.emitWarning(new SluiceError('SLUICE_CALL_HANDLER', what, { cause }));
  }
}
