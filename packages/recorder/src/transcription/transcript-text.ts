/** The longest text of a message in bytes of UTF-8. */
const LONGEST_BYTES = 4 * 1_024;

/** A text as a message takes it: without control characters, and its last 4 KiB if there are more. */
export function transcriptText(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').trim();
  const bytes = new TextEncoder().encode(plain);
  if (bytes.length <= LONGEST_BYTES) return plain;
  let from = bytes.length - LONGEST_BYTES;
  // Not in the middle of a character.
  while ((bytes[from]! & 0xc0) === 0x80) from++;
  return new TextDecoder().decode(bytes.subarray(from));
}
