/** What goes with a control message, as a form asks for it. */
export interface ControlField {
  readonly name: string;
  /** `text` is a word or a number, as it reads; `json` is anything. */
  readonly kind: 'number' | 'string' | 'text' | 'choice' | 'json';
  readonly required: boolean;
  readonly hint: string;
  /** Of a choice, as JSON. */
  readonly choices: readonly string[];
}

type Schema = Readonly<Record<string, unknown>>;

/** The fields that a JSON Schema of an object names. */
export function controlFields(schema: Schema = {}): readonly ControlField[] {
  const { properties, required } = schema;
  const must = Array.isArray(required) ? (required as readonly unknown[]) : [];
  return Object.entries((properties ?? {}) as Readonly<Record<string, Schema>>).map(([name, of]) => ({
    name,
    ...kindOf(of),
    required: must.includes(name),
    hint: typeof of.description === 'string' ? of.description : '',
  }));
}

function kindOf({ type, enum: values }: Schema): Pick<ControlField, 'kind' | 'choices'> {
  if (Array.isArray(values)) return { kind: 'choice', choices: values.map((value) => JSON.stringify(value)) };
  if (type === 'boolean') return { kind: 'choice', choices: ['true', 'false'] };
  if (type === 'number' || type === 'integer') return { kind: 'number', choices: [] };
  if (type === 'string') return { kind: 'string', choices: [] };
  return { kind: Array.isArray(type) && type.includes('string') ? 'text' : 'json', choices: [] };
}

/** The message of a form that was filled in. What is left empty is not given. @throws Error that names the field */
export function filledMessage(
  type: string,
  fields: readonly ControlField[],
  filled: Readonly<Record<string, string>>,
): { readonly type: string } {
  const given = fields.flatMap((field) => {
    const text = filled[field.name] ?? '';
    if (text === '' && field.required) throw new Error(`${field.name} is missing.`);
    return text === '' ? [] : [[field.name, readField(field, text)] as const];
  });
  return { ...Object.fromEntries(given), type };
}

function readField({ name, kind }: ControlField, text: string): unknown {
  if (kind === 'string') return text;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (kind === 'text') return Number.isFinite(number) ? number : text;
  if (kind === 'number') {
    if (Number.isFinite(number)) return number;
    throw new Error(`${name} is no number: ${text}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name} is no JSON: ${text}`);
  }
}
