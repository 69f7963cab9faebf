import { fieldsOf } from './read-fields.ts';

/** What a service says of a fault of its own. */
export interface SaidFault {
  /** What happened, in its words. */
  readonly message?: string;
  /** Its word for it, to tell faults apart by: `insufficient_quota`. */
  readonly code?: string;
}

/**
 * What the body of a refusal says, in the forms that are common: `{ error: { message, code, type } }`, `{ error: '' }`,
 * `{ detail: { status, message } }`, `{ err_code, err_msg }`, `{ code, message }`; other text as it is.
 */
export function readFault(body: string): SaidFault {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    const plain = body
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    return plain === '' ? {} : { message: plain };
  }
  const fields = fieldsOf(value);
  const inner = { ...fields, ...fieldsOf(fields.error), ...fieldsOf(fields.detail) };
  const message = firstText(inner.message, inner.err_msg, fields.error, fields.detail, fields.reason);
  const code = firstText(inner.code, inner.err_code, inner.status, inner.type);
  return { ...(message === undefined ? {} : { message }), ...(code === undefined ? {} : { code }) };
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}
