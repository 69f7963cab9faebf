import type { ErrorDetails, SluiceError } from '@sluice/core';
import { fleetError } from '../../errors.ts';

/** For bytes that are no frame, and for frames that cannot become bytes. What is in them is not repeated. */
export function frameFault(what: string, details?: ErrorDetails): SluiceError {
  return fleetError('SLUICE_REMOTE_FRAME', what, details);
}
