import type { JsonSchema } from './schema-keys.ts';

/** How deep, wide and long options are shown. */
const DEEPEST = 4;
const MOST_ENTRIES = 50;
const MOST_LETTERS = 200;
const HIDDEN = '[hidden]';
/** Numbers under such a name, `maxTokens`, are no secrets. */
const SECRET =
  /secret|token(?!i)|passw|passphrase|credential|authorization|cookie|(?:api|access|private|auth)[-_]?key/i;

/**
 * Options as plain data for people to look at: what is no data is named, what is long is cut. What its name or the
 * schema (`writeOnly`, `format: password`) calls a secret is hidden.
 */
export function shownOptions(options: unknown, schema?: JsonSchema): unknown {
  return shown(options, schema, 0);
}

function shown(value: unknown, schema: JsonSchema | undefined, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return value.length > MOST_LETTERS ? `${value.slice(0, MOST_LETTERS)}…` : value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'function':
      return `function ${value.name}`.trim();
    case 'object':
      return value === null ? null : shownObject(value, schema, depth);
    default:
      return value === undefined || typeof value === 'boolean' ? value : String(value);
  }
}

function shownObject(value: object, schema: JsonSchema | undefined, depth: number): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  // User, password and query of an address may hold secrets.
  if (value instanceof URL) return `${value.protocol}//${value.host}${value.pathname}`;
  if (ArrayBuffer.isView(value)) return `[${value.constructor.name}, ${value.byteLength} bytes]`;
  const kind = Object.getPrototypeOf(value)?.constructor?.name ?? 'Object';
  if (!Array.isArray(value) && kind !== 'Object') return `[${kind}]`;
  if (depth >= DEEPEST) return `[${kind}]`;
  return Array.isArray(value) ? shownList(value, schema, depth) : shownFields(value, schema, depth);
}

function shownList(list: readonly unknown[], schema: JsonSchema | undefined, depth: number): unknown[] {
  const shownItems = list.slice(0, MOST_ENTRIES).map((item) => shown(item, part(schema?.items), depth + 1));
  return list.length > MOST_ENTRIES ? [...shownItems, `… ${list.length - MOST_ENTRIES} more`] : shownItems;
}

function shownFields(value: object, schema: JsonSchema | undefined, depth: number): Record<string, unknown> {
  const properties = part(schema?.properties);
  const keys = Object.keys(value);
  const fields = keys.slice(0, MOST_ENTRIES).map((key) => {
    const inner = part(properties?.[key]);
    const field: unknown = Reflect.get(value, key);
    return [key, isSecret(key, field, inner) ? HIDDEN : shown(field, inner, depth + 1)] as const;
  });
  if (keys.length > MOST_ENTRIES) fields.push(['…', `${keys.length - MOST_ENTRIES} more`]);
  return Object.fromEntries(fields);
}

function isSecret(key: string, value: unknown, schema: JsonSchema | undefined): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false;
  if (schema?.writeOnly === true || schema?.format === 'password') return true;
  return typeof value !== 'number' && SECRET.test(key);
}

function part(schema: unknown): JsonSchema | undefined {
  return typeof schema === 'object' && schema !== null ? (schema as JsonSchema) : undefined;
}
