import { checkKeys, invalidArgument } from '@sluice/core';
import { checkName } from '../connection/tenant-name.ts';
import { fleetError } from '../errors.ts';
import { jsonText } from '../store/json-text.ts';

/** How a job is dispatched. */
export interface DispatchOptions {
  /** Its name: there is one bot of a name. Default the factory's with letters of its own. */
  readonly job?: string;
  /** How long it may wait for a worker with room, in milliseconds, before it fails. Default 60,000. */
  readonly waitMs?: number;
}

const MOST_BYTES = 64 * 1024;

/** Refuses what is wrong at once. @throws TypeError; SluiceError `SLUICE_JOB_QUOTA` for an input of more than 64 KiB */
export function checkDispatch(factory: string, input: unknown, options: DispatchOptions): void {
  checkName('dispatch.factory', factory);
  checkKeys<DispatchOptions>('dispatch', options, { job: true, waitMs: true });
  if (options.job !== undefined) checkName('dispatch.job', options.job);
  const { waitMs = 1 } = options;
  if (!(Number.isFinite(waitMs) && waitMs > 0))
    throw invalidArgument('dispatch.waitMs', 'a number of milliseconds above 0', waitMs);
  const bytes = Buffer.byteLength(jsonText('dispatch.input', input));
  if (bytes > MOST_BYTES)
    throw fleetError('SLUICE_JOB_QUOTA', `the input of a job for ${factory} is too large`, {
      expected: `${MOST_BYTES} bytes of JSON at most`,
      received: bytes,
      fix: 'Give what the bot needs to begin, and where it finds the rest',
    });
}
