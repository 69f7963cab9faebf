/** One figure, or one for each value of its label. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly value: number | { readonly label: string; readonly values: Readonly<Record<string, number>> };
}

/** `Content-Type` of the text. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Figures in the text format of Prometheus, version 0.0.4. */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics
    .flatMap(linesOf)
    .map((line) => `${line}\n`)
    .join('');
}

function linesOf({ name, help, type, value }: Metric): string[] {
  const head = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
  if (typeof value === 'number') return [...head, `${name} ${value}`];
  const { label, values } = value;
  return [...head, ...Object.entries(values).map(([key, count]) => `${name}{${label}="${escaped(key)}"} ${count}`)];
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
