import { SluiceError } from '@sluice/core';
import * as v from 'valibot';

/** What a card says of the job that a bot of a fleet does, and under which number. */
export const jobLease = v.object({
  job: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  revision: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** It stands by: the place is another one's until it says so no more. */
  standby: v.exactOptional(v.literal(true)),
});
/** Which job a bot does, under which number of its fleet, and whether it has begun. */
export type JobLease = v.InferOutput<typeof jobLease>;

/**
 * Whether the bot of a lease has to go for another one: for a higher number always, for its own number if the other one came later. For
 * who stands by only another one goes who stands by.
 */
export function hasToGo(own: JobLease | undefined, other: JobLease | undefined, cameLater: boolean): boolean {
  if (own === undefined || own.job !== other?.job) return false;
  if (other.standby === true && own.standby !== true) return false;
  return other.revision > own.revision || (cameLater && other.revision === own.revision);
}

/** As embedded rooms refuse it. */
export function replaced({ job, revision }: JobLease): SluiceError {
  return new SluiceError('SLUICE_JOIN_REFUSED', `a later bot has the job ${job}`, {
    expected: `a revision from ${revision} on`,
    received: 'replaced',
    fix: 'Leave the room to it: another worker has the job of this bot',
  });
}
