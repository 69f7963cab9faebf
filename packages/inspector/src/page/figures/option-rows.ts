/** An option as it is shown. */
export interface OptionRow {
  /** Its path: `ducking.db`. */
  readonly name: string;
  /** With its unit, where its name has one; undefined where it was not given. */
  readonly value: string | undefined;
  /** What it is where it is not given; undefined where nobody knows. */
  readonly preset: string | undefined;
}

/** Units that stand at the end of names: `fadeMs`, `sampleRate`, `db`. */
const units: readonly (readonly [end: RegExp, unit: string])[] = [
  [/Ms$|(^|\.)ms$/, 'ms'],
  [/Seconds$|(^|\.)seconds$/, 's'],
  [/(dB|Db|dBFS|Dbfs)$|(^|\.)db$/, 'dB'],
  [/Hz$|(^|\.)(hz|frequency)$|[sS]ampleRate$/, 'Hz'],
  [/[bB]ytes$/, 'bytes'],
];

/** The options of a node, one for each row; of those that are objects each part by its path. */
export function optionRows(options: unknown, defaults: Readonly<Record<string, unknown>> = {}): readonly OptionRow[] {
  const given = new Map(flat(options, ''));
  return [...new Set([...given.keys(), ...Object.keys(defaults)])].map((name) => ({
    name: name === '' ? 'options' : name,
    value: given.has(name) ? told(name, given.get(name)) : undefined,
    preset: Object.hasOwn(defaults, name) ? told(name, defaults[name]) : undefined,
  }));
}

function flat(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  const parts = Object.entries(value);
  if (parts.length === 0) return path === '' ? [] : [[path, value]];
  return parts.flatMap(([key, inner]) => flat(inner, path === '' ? key : `${path}.${key}`));
}

function told(name: string, value: unknown): string {
  const unit = typeof value === 'number' ? units.find(([end]) => end.test(name))?.[1] : undefined;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return unit === undefined ? text : `${text} ${unit}`;
}
