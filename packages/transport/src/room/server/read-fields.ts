import { invalidArgument, unknownKey } from '@sluice/core';
import * as v from 'valibot';

/** Shorter than any secret. */
const MOST_SHOWN = 31;

/** How other services call a field that has another name here: `is_owner` is `owner`. */
export type ForeignNames = Readonly<Record<string, string>>;

/**
 * Checks a value from outside against a schema of fields and returns a copy that holds nothing else.
 *
 * @param name What the value is, as the message shows it.
 * @throws TypeError that names the field, what was expected, and for an unknown field the one that was most likely meant.
 */
export function readFields<Entries extends v.ObjectEntries>(
  name: string,
  schema: v.GenericSchema<unknown, unknown> & { readonly entries: Entries },
  value: unknown,
  foreign: ForeignNames = {},
): v.InferOutput<v.ObjectSchema<Entries, undefined>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidArgument(name, `an object with the fields ${Object.keys(schema.entries).join(', ')}`, harmless(value));
  // The schema looks a field up along the prototype, so `constructor` and `__proto__` would pass there.
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(schema.entries, key)) continue;
    if (Object.hasOwn(foreign, key)) throw invalidArgument(`${name}.${key}`, `the field ${foreign[key]} instead`, key);
    throw unknownKey(name, harmless(key), Object.keys(schema.entries));
  }
  // Without a prototype no field can be one that was not sent.
  const fields = Object.assign(Object.create(null), value);
  const result = v.safeParse(schema, fields, { abortEarly: true });
  if (result.success) return result.output as v.InferOutput<v.ObjectSchema<Entries, undefined>>;
  const [outer] = result.issues;
  // Of what may be one of several kinds: what is wrong within the kind that was meant.
  const inner = outer.issues?.find(({ path }) => path !== undefined);
  const issue = inner ?? outer;
  const path = [outer, inner].flatMap((one) => (one && v.getDotPath(one)) ?? []);
  throw invalidArgument(
    [name, ...path].join('.'),
    issue.kind === 'schema' ? (issue.expected ?? issue.message) : issue.message,
    harmless(issue.input),
  );
}

/** A value as an error may show it: what is long may be a secret in a field that it does not belong to. */
function harmless<T>(value: T): T | string {
  if (typeof value === 'string' && value.length > MOST_SHOWN) return `${value.length} characters`;
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : value;
}
