import { invalidArgument } from '@sluice/core';
import * as v from 'valibot';

/** Checks settings of a user against a schema; the error names the field as the user wrote it. */
export function checkSettings<T>(schema: v.GenericSchema<unknown, T>, name: string, value: unknown): T {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = v.getDotPath(issue);
  throw invalidArgument(path === null ? name : `${name}.${path}`, issue.expected ?? issue.message, issue.input);
}
