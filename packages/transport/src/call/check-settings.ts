import { invalidArgument } from '@sluice/core';
import * as v from 'valibot';

/** Checks settings of a user against a schema; the error names the field as the user wrote it. */
export function checkSettings<T>(schema: v.GenericSchema<unknown, T>, name: string, value: unknown): T {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const { path, issue } = furthest(result.issues[0], name);
  throw invalidArgument(path, issue.expected ?? issue.message, issue.input);
}

interface Located {
  readonly path: string;
  readonly issue: v.BaseIssue<unknown>;
}

/** Where alternatives were tried, the one that went furthest before it failed says what is wrong. */
function furthest(issue: v.BaseIssue<unknown>, before: string): Located {
  const dots = v.getDotPath(issue);
  const path = dots === null ? before : `${before}.${dots}`;
  let found: Located = { path, issue };
  for (const tried of issue.issues ?? []) {
    const inside = furthest(tried, path);
    if (inside.path.length > found.path.length) found = inside;
  }
  return found;
}
