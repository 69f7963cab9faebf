/** The deepest that options are looked into. */
const DEEPEST = 4;

/** What a JSON Schema says options are where they are not given, by their paths: `ducking.db`. */
export function defaultsOf(schema: Readonly<Record<string, unknown>>, path = '', depth = 0): Record<string, unknown> {
  const { properties } = schema;
  if (!isObject(properties) || depth === DEEPEST) return {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, inner]) => {
      if (!isObject(inner)) return [];
      const own = 'default' in inner ? [[`${path}${key}`, inner.default] as const] : [];
      return [...own, ...Object.entries(defaultsOf(inner, `${path}${key}.`, depth + 1))];
    }),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
