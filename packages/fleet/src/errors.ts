// What a fleet refuses and how it fails. No server and no job.

import { type ErrorDetails, SluiceError } from '@sluice/core';

/** Codes of errors that are raised by this package. */
export const fleetErrorCodes = [
  'SLUICE_FLEET_UNREACHABLE',
  'SLUICE_FLEET_REFUSED',
  'SLUICE_FLEET_TLS',
  'SLUICE_FLEET_JETSTREAM',
  'SLUICE_FLEET_REPLICAS',
  'SLUICE_FLEET_FAILED',
  'SLUICE_FLEET_LIMIT',
  'SLUICE_REMOTE_FRAME',
  'SLUICE_REMOTE_LINK_REFUSED',
  'SLUICE_REMOTE_LINK_FAILED',
  'SLUICE_REMOTE_LINK_LOST',
  'SLUICE_JOB_TAKEN',
  'SLUICE_JOB_UNKNOWN',
  'SLUICE_JOB_UNPLACED',
  'SLUICE_JOB_FAILED',
  'SLUICE_JOB_STUCK',
  'SLUICE_JOB_LOST',
  'SLUICE_JOB_QUOTA',
] as const;
/** The code of a fault of a fleet. */
export type FleetErrorCode = (typeof fleetErrorCodes)[number];

/** A fault of a fleet, with one of its codes. */
export function fleetError(code: FleetErrorCode, what: string, details?: ErrorDetails): SluiceError<FleetErrorCode> {
  return new SluiceError(code, what, details);
}
