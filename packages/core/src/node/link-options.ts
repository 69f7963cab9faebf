import { checkKeys } from '../check-keys.ts';
import { invalidArgument, outOfRange } from '../errors.ts';
import { type OverflowPolicy, overflowPolicies } from '../operators/overflow-policy.ts';

/** How much may wait on a link: frames, or milliseconds of media, whichever is reached first. */
export interface LinkCapacity {
  /** The most frames that may wait. */
  readonly frames?: number;
  /** The most media time that may wait, in milliseconds. */
  readonly ms?: number;
}

/** How a link bounds what waits in it, and what it does when it is full. */
export interface LinkOptions {
  /** Default `block`; after a live source what it says, `drop-oldest` if it says nothing. */
  readonly policy?: OverflowPolicy;
  /** Default 16 frames; after a live source 200 ms. */
  readonly capacity?: LinkCapacity;
  /** Whether a converter may be put in when the formats differ. Default `auto`. */
  readonly convert?: 'auto' | 'off';
}

export interface ResolvedLinkOptions {
  readonly policy: OverflowPolicy;
  readonly frames: number;
  readonly micros: number;
  readonly convert: 'auto' | 'off';
}

/** Checks link options and fills in the defaults; `policy` is that of what stands before the link. */
export function resolveLinkOptions(options: LinkOptions, defaultPolicy: OverflowPolicy): ResolvedLinkOptions {
  checkKeys<LinkOptions>('link', options, { policy: true, capacity: true, convert: true });
  const policy = options.policy ?? defaultPolicy;
  if (!overflowPolicies.includes(policy))
    throw invalidArgument('link policy', `one of ${overflowPolicies.join(', ')}`, policy);
  const { capacity } = options;
  if (capacity !== undefined) checkKeys<LinkCapacity>('capacity', capacity, { frames: true, ms: true });
  if (capacity !== undefined && capacity.frames === undefined && capacity.ms === undefined)
    throw invalidArgument('link capacity', '{ frames } or { ms } or both', capacity);
  checkAmount('capacity.frames', capacity?.frames, true);
  checkAmount('capacity.ms', capacity?.ms, false);
  const byTime = capacity === undefined && policy !== 'block' && policy !== 'latest';
  const frames = policy === 'latest' ? 1 : (capacity?.frames ?? (byTime || capacity?.ms !== undefined ? Infinity : 16));
  const ms = capacity?.ms ?? (byTime ? 200 : Infinity);
  return { policy, frames, micros: ms * 1_000, convert: options.convert ?? 'auto' };
}

/** `16 frames or 200 ms`. */
export function describeCapacity(options: Pick<ResolvedLinkOptions, 'frames' | 'micros'>): string {
  const parts: string[] = [];
  if (Number.isFinite(options.frames)) parts.push(`${options.frames} frames`);
  if (Number.isFinite(options.micros)) parts.push(`${options.micros / 1_000} ms`);
  return parts.join(' or ');
}

function checkAmount(name: string, amount: number | undefined, whole: boolean): void {
  if (amount === undefined) return;
  if (typeof amount !== 'number' || (whole && !Number.isInteger(amount)))
    throw invalidArgument(name, whole ? 'a whole number' : 'a number', amount);
  if (!(amount > 0)) throw outOfRange(name, 'more than 0', amount);
}
