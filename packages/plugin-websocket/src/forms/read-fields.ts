import { badMessage } from '../errors.ts';
import type { WireMessage } from './media-form.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The object that a message's JSON is. Depth and size are bounded by the message's own. */
export function readObject(form: string, message: WireMessage): Fields {
  if (typeof message !== 'string') throw badMessage(form, 'a message', 'text', `${message.length} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    throw badMessage(form, 'a message', 'JSON', `${message.length} characters`);
  }
  return objectOf(form, 'a message', value);
}

export function objectOf(form: string, what: string, value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw badMessage(form, what, 'an object', value === null || Array.isArray(value) ? 'no object' : typeof value);
}

export function textOf(form: string, what: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw badMessage(form, what, 'a text', typeof value);
}

/** A number, or the text of one; undefined where there is none. */
export function numberOf(form: string, what: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw badMessage(form, what, 'a number', typeof value === 'string' ? value : typeof value);
}

/** As {@link numberOf}, of what is counted. */
export function countOf(form: string, what: string, value: unknown): number | undefined {
  const number = numberOf(form, what, value);
  if (number === undefined || Number.isSafeInteger(number)) return number;
  throw badMessage(form, what, 'a whole number', number);
}

/** The bytes of base64 text. */
export function bytesOf(form: string, what: string, value: unknown): Uint8Array {
  const text = textOf(form, what, value);
  const bytes = Buffer.from(text, 'base64');
  // Characters that are none are passed over by Buffer, and bytes are missing.
  let { length } = text;
  while (length > 0 && text[length - 1] === '=') length--;
  if (length % 4 !== 1 && bytes.length === Math.floor((length * 3) / 4)) return bytes;
  throw badMessage(form, what, 'base64', `${text.length} characters`);
}

/** Texts by name; what is no text is left out. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
