import * as v from 'valibot';

const encoder = new TextEncoder();

/** Bytes of a text in UTF-8. */
export function utf8Bytes(text: string): number {
  return encoder.encode(text).length;
}

/**
 * One line: no control characters, no line or paragraph separators, nothing that turns the direction of the text around it
 * (a name could rearrange what stands beside it), and no lone surrogates: those become U+FFFD on the wire, another text on
 * each side.
 */
export const line = (bytes: number) =>
  v.pipe(
    v.string(),
    v.maxLength(bytes),
    v.maxBytes(bytes),
    v.regex(/^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u),
  );

/** Several lines: tabs and line breaks are allowed. */
export const lines = (bytes: number) =>
  v.pipe(v.string(), v.maxLength(bytes), v.maxBytes(bytes), v.regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\n])*$/u));

/** Any JSON value but null, at most so many bytes long. */
export const json = (bytes: number) =>
  v.pipe(
    v.unknown(),
    v.check((value) => value !== undefined && value !== null, 'a JSON value other than null'),
    v.check((value) => jsonBytes(value) <= bytes, `at most ${bytes} bytes of JSON`),
  );

/** Infinite for what is nested too deeply to be written. */
function jsonBytes(value: unknown): number {
  try {
    return utf8Bytes(JSON.stringify(value) ?? '');
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
