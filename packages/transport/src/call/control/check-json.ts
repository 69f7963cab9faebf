import { invalidArgument, outOfRange } from '@sluice/core';
import { utf8Bytes } from '@sluice/protocol';

/**
 * A copy of a value as JSON carries it, so that later changes of it are not sent.
 *
 * @throws TypeError for null, undefined and what JSON does not know; RangeError for more bytes than allowed.
 */
export function checkJson(name: string, value: unknown, maxBytes: number): NonNullable<unknown> {
  const text = jsonOf(name, value);
  if (text === undefined || text === 'null')
    throw invalidArgument(name, 'a JSON value other than null and undefined', value);
  const bytes = utf8Bytes(text);
  if (bytes > maxBytes) throw outOfRange(name, `at most ${maxBytes} bytes of JSON`, bytes);
  // Neither null nor undefined, by the check above.
  return JSON.parse(text) as NonNullable<unknown>;
}

function jsonOf(name: string, value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // A BigInt, a circle, or a toJSON that throws.
    throw invalidArgument(name, 'a value that JSON can hold', value);
  }
}
