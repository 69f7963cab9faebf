/** Longer waits are as good as never within a conversation; in milliseconds. */
const LONGEST_MS = 24 * 3_600_000;

/**
 * How long a service wants to be left alone, in milliseconds: from `retry-after-ms`, or from `retry-after` in seconds or
 * as an HTTP date (RFC 9110, 10.2.3). Undefined where it says nothing that can be understood.
 *
 * @param now The wall clock, in milliseconds since 1970: a date is compared with it.
 */
export function retryAfterMs(headers: Pick<Headers, 'get'>, now = Date.now()): number | undefined {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (ms >= 0) return Math.min(ms, LONGEST_MS);
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.min(Number(text) * 1_000, LONGEST_MS);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), LONGEST_MS);
}
