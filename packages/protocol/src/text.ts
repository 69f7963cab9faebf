import * as v from 'valibot';

const encoder = new TextEncoder();

/** Bytes of a text in UTF-8. */
export function utf8Bytes(text: string): number {
  return encoder.encode(text).length;
}

/** One line: no control characters, and no lone surrogates: those become U+FFFD on the wire, another text on each side. */
export const line = (bytes: number) =>
  v.pipe(v.string(), v.maxLength(bytes), v.maxBytes(bytes), v.regex(/^[^\p{Cc}\p{Cs}]*$/u));

/** Several lines: tabs and line breaks are allowed. */
export const lines = (bytes: number) =>
  v.pipe(v.string(), v.maxLength(bytes), v.maxBytes(bytes), v.regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\n])*$/u));

/** Any JSON value but null, at most so many bytes long. */
export const json = (bytes: number) =>
  v.pipe(
    v.unknown(),
    v.check((value) => value !== undefined && value !== null, 'a JSON value other than null'),
    v.check((value) => utf8Bytes(JSON.stringify(value) ?? '') <= bytes, `at most ${bytes} bytes of JSON`),
  );
