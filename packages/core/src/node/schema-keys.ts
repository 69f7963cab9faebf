import type { StandardSchema } from './standard-schema.ts';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A key that a schema does not know, and what it knows there. */
export interface UnknownKey {
  /** `ducking.`, or nothing at the top. */
  readonly path: string;
  readonly key: string;
  readonly known: readonly string[];
}

/** The deepest that options are looked into. */
const DEEPEST = 8;

/** What the schemas said: asking takes milliseconds, and each factory call asks. */
const known = new WeakMap<StandardSchema, JsonSchema | undefined>();

/**
 * The JSON Schema of what a schema takes, by the Standard JSON Schema interface. Undefined if the schema has none, or has
 * something in it that JSON Schema cannot say.
 */
export function inputSchema(schema: StandardSchema): JsonSchema | undefined {
  if (!known.has(schema)) known.set(schema, askedSchema(schema));
  return known.get(schema);
}

function askedSchema(schema: StandardSchema): JsonSchema | undefined {
  try {
    // Zod says `{}` for what JSON Schema cannot say; the keys are there all the same.
    const options = { target: 'draft-2020-12', libraryOptions: { unrepresentable: 'any' } } as const;
    return schema['~standard'].jsonSchema?.input(options);
  } catch {
    return undefined;
  }
}

/**
 * The first key of a value that a JSON Schema does not name. A schema that says nothing of further keys knows none: the
 * libraries drop them. What allows further keys (`additionalProperties`) is not looked into.
 */
export function unknownSchemaKey(value: unknown, schema: JsonSchema): UnknownKey | undefined {
  return unknownKeyOf(value, [schema], schema, '');
}

/** Whether the schema names the keys of an object at all. */
export function namesKeys(schema: JsonSchema): boolean {
  return objectsOf([schema], schema)?.some(({ properties }) => properties !== undefined) ?? false;
}

function unknownKeyOf(
  value: unknown,
  schemas: readonly unknown[],
  root: JsonSchema,
  path: string,
): UnknownKey | undefined {
  if (typeof value !== 'object' || value === null || path.split('.').length > DEEPEST) return undefined;
  if (Array.isArray(value)) return unknownInList(value, schemas, root, path);
  const objects = objectsOf(schemas, root);
  if (objects === undefined) return undefined;
  const properties = objects.flatMap((object) => (isObject(object.properties) ? [object.properties] : []));
  if (properties.length === 0) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const named = properties.filter((known) => Object.hasOwn(known, key)).map((known) => known[key]);
    if (named.length === 0) return { path, key, known: [...new Set(properties.flatMap(Object.keys))] };
    const found = unknownKeyOf(inner, named, root, `${path}${key}.`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unknownInList(list: readonly unknown[], schemas: readonly unknown[], root: JsonSchema, path: string) {
  const items = (flat(schemas, root) ?? []).flatMap(({ items: item }) => (isObject(item) ? [item] : []));
  if (items.length === 0) return undefined;
  for (const [index, entry] of list.entries()) {
    const found = unknownKeyOf(entry, items, root, `${path}${index}.`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The schemas among the alternatives that describe an object; undefined if one of them takes any key. */
function objectsOf(schemas: readonly unknown[], root: JsonSchema): readonly JsonSchema[] | undefined {
  const all = flat(schemas, root);
  if (all === undefined || all.some(isOpen)) return undefined;
  return all.filter((schema) => schema.type === undefined || schema.type === 'object');
}

function isOpen(schema: JsonSchema): boolean {
  const { additionalProperties: further, patternProperties, type, properties, ...rest } = schema;
  if ((further !== undefined && further !== false) || patternProperties !== undefined) return true;
  // `{}` and `{ description: ... }` take anything.
  return type === undefined && properties === undefined && rest.const === undefined && rest.enum === undefined;
}

/** Alternatives and parts one by one, references followed. Undefined where that leads nowhere. */
function flat(schemas: readonly unknown[], root: JsonSchema, depth = 0): readonly JsonSchema[] | undefined {
  const result: JsonSchema[] = [];
  for (const schema of schemas) {
    if (!isObject(schema) || depth > DEEPEST) return undefined;
    const inner = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => (Array.isArray(list) ? list : []));
    if (typeof schema.$ref === 'string') inner.push(referred(schema.$ref, root));
    if (inner.length === 0 || schema.properties !== undefined) result.push(schema);
    const flattened = flat(inner, root, depth + 1);
    if (flattened === undefined) return undefined;
    result.push(...flattened);
  }
  return result;
}

/** `#/$defs/Fade`. */
function referred(reference: string, root: JsonSchema): unknown {
  if (!reference.startsWith('#')) return undefined;
  const keys = reference.slice(1).split('/').filter(Boolean);
  return keys.reduce<unknown>(
    (at, key) => (isObject(at) ? at[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined),
    root,
  );
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
