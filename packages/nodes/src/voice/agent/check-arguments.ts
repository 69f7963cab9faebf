interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
}

/**
 * What is wrong with the arguments of a call, in words by which the model can mend it: what is missing, of another type, none
 * of the values, or unknown where the schema says so. Other rules of JSON Schema are the tool's to check. Undefined if nothing is.
 */
export function argumentFault(
  schema: Readonly<Record<string, unknown>> | undefined,
  args: unknown,
): string | undefined {
  if (schema === undefined) return undefined;
  const faults = [...faultsOf(schema as Schema, args, '')];
  return faults.length === 0 ? undefined : faults.join('; ');
}

function* faultsOf(schema: Schema, value: unknown, path: string): Generator<string> {
  const name = path === '' ? 'the arguments' : path;
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value)))
    return yield `${name} must be ${types.join(' or ')}, not ${kindOf(value)}`;
  if (schema.enum !== undefined && !schema.enum.some((one) => one === value))
    return yield `${name} must be one of ${schema.enum.map((one) => JSON.stringify(one)).join(', ')}`;
  if (Array.isArray(value) && schema.items !== undefined)
    for (const [index, item] of value.entries()) yield* faultsOf(schema.items, item, `${path}[${index}]`);
  if (kindOf(value) === 'object') yield* faultsOfObject(schema, value as Readonly<Record<string, unknown>>, path);
}

function* faultsOfObject(schema: Schema, value: Readonly<Record<string, unknown>>, path: string): Generator<string> {
  const { required = [], properties = {}, additionalProperties } = schema;
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  for (const key of required) if (!Object.hasOwn(value, key)) yield `${at(key)} is missing`;
  for (const [key, item] of Object.entries(value)) {
    const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (own !== undefined) yield* faultsOf(own, item, at(key));
    else if (additionalProperties === false) yield `there is no ${at(key)}`;
  }
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  return kindOf(value) === type;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
