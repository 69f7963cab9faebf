// What tests see: differences of pictures, and colours converted the slow way. No stream.

import { AssertionError } from 'node:assert';
import { checkKeys } from '../../check-keys.ts';
import type { Picture } from '../../kernels/color/picture.ts';
import { type PsnrMeasurement, psnr } from './psnr.ts';

/** What {@link expectPsnr} lets pass. */
export interface ExpectPsnrOptions {
  /** The lowest PSNR over all planes that passes, in dB. */
  readonly minDb: number;
  /** The lowest PSNR of any single plane that passes, in dB. Default: not looked at. */
  readonly minPlaneDb?: number;
}

/**
 * Fails unless the received picture is the expected one but for little. Returns what was measured.
 *
 * @throws AssertionError with the figures of each plane.
 */
export function expectPsnr(expected: Picture, received: Picture, options: ExpectPsnrOptions): PsnrMeasurement {
  checkKeys<ExpectPsnrOptions>('expectPsnr', options, { minDb: true, minPlaneDb: true });
  const { minDb, minPlaneDb = Number.NEGATIVE_INFINITY } = options;
  const measured = psnr(expected, received);
  const planes = Object.entries(measured.planes);
  const lowest = Math.min(...planes.map(([, db]) => db));
  if (measured.overall >= minDb && lowest >= minPlaneDb) return measured;
  const rule = minPlaneDb === Number.NEGATIVE_INFINITY ? '' : `, ${minPlaneDb} dB in each plane`;
  const figures = planes.map(([name, db]) => `${name} ${db.toFixed(1)}`).join(', ');
  throw new AssertionError({
    message: `expected a PSNR of at least ${minDb} dB${rule}; measured ${measured.overall.toFixed(1)} dB (${figures}), largest difference ${measured.maxError}`,
    actual: measured,
    expected: options,
    operator: 'expectPsnr',
  });
}
