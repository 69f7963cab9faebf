import { invalidArgument, unknownKey } from '@sluice/core';
import * as v from 'valibot';

/** Checks settings of a user against a schema; the error names the field as the user wrote it. */
export function checkSettings<T>(schema: v.GenericSchema<unknown, T>, name: string, value: unknown): T {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const { path, issue } = furthest(result.issues[0], name);
  const known =
    issue.type === 'strict_object' && issue.expected === 'never' ? keysAt(schema, path.slice(1)) : undefined;
  const field = path.join('.');
  // A key is missing, perhaps because it is misspelt.
  const around = path.length > 1 && issue.input === undefined ? keysAt(schema, path.slice(1)) : [];
  const stray = Object.keys(parentOf(issue)).find((key) => around.length > 0 && !around.includes(key));
  if (stray !== undefined) throw unknownKey(path.slice(0, -1).join('.'), stray, around);
  if (known !== undefined) throw unknownKey(path.slice(0, -1).join('.'), path.at(-1)!, known);
  throw invalidArgument(field, issue.expected ?? issue.message, issue.input);
}

interface Located {
  /** What the user called it, and the keys down to the field. */
  readonly path: readonly string[];
  readonly issue: v.BaseIssue<unknown>;
}

/** Where alternatives were tried, the one that went furthest before it failed says what is wrong. */
function furthest(issue: v.BaseIssue<unknown>, ...before: readonly string[]): Located {
  const path = [...before, ...(issue.path ?? []).map(({ key }) => String(key))];
  let found: Located = { path, issue };
  for (const tried of issue.issues ?? []) {
    const inside = furthest(tried, ...path);
    if (inside.path.length > found.path.length) found = inside;
  }
  return found;
}

/** The object in which a field is wrong. */
function parentOf({ path }: v.BaseIssue<unknown>): object {
  const parent: unknown = path?.at(-1)?.input;
  return typeof parent === 'object' && parent !== null ? parent : {};
}

/** What is read of schemas: objects by their entries, records, wrappers and unions by what is inside. */
interface SchemaNode {
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly value?: SchemaNode;
  readonly item?: SchemaNode;
  readonly items?: readonly SchemaNode[];
  readonly wrapped?: SchemaNode;
  readonly options?: readonly unknown[];
}

/** The keys that the object around the last key of a path may have. */
function keysAt(schema: v.GenericSchema, path: readonly string[]): readonly string[] {
  let nodes = flat(schema as unknown as SchemaNode);
  for (const key of path.slice(0, -1)) nodes = nodes.flatMap((node) => inside(node, key)).flatMap(flat);
  return nodes.flatMap((node) => Object.keys(node.entries ?? {}));
}

function inside(node: SchemaNode, key: string): readonly SchemaNode[] {
  const next = node.entries === undefined ? (node.value ?? node.item ?? node.items?.[Number(key)]) : node.entries[key];
  return next === undefined ? [] : [next];
}

function flat(node: SchemaNode): readonly SchemaNode[] {
  if (node.wrapped !== undefined) return flat(node.wrapped);
  const { options } = node;
  if (options?.every((option) => typeof option === 'object')) return (options as readonly SchemaNode[]).flatMap(flat);
  return [node];
}
