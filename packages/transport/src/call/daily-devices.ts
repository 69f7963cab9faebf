import { SluiceError } from '@sluice/core';
import type { CallDevices } from './call-devices.ts';

/** The virtual devices of `Daily`. */
export function dailyDevices(): CallDevices {
  throw new SluiceError('SLUICE_CALL_STATE', 'there are no devices');
}
