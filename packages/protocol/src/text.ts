import * as v from 'valibot';

const encoder = new TextEncoder();

/** Bytes of a text in UTF-8. */
export function utf8Bytes(text: string): number {
  return encoder.encode(text).length;
}

/**
 * What has no place in a line: control characters, line and paragraph separators, what turns the direction of the text
 * around it (a name could rearrange what stands beside it), and lone surrogates: those become U+FFFD on the wire, another
 * text on each side.
 */
const NOT_IN_LINES = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The text without what has no place in a line, a user name for example. */
export function asLine(text: string): string {
  return text.replace(NOT_IN_LINES, '');
}

/** One line of text. */
export const line = (bytes: number) =>
  v.pipe(
    v.string(),
    v.maxLength(bytes),
    v.maxBytes(bytes),
    v.check((text) => asLine(text) === text, 'one line without control characters'),
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
