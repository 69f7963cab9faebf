/** A value and what it is of. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One figure, or several that labels tell apart: no two with the same. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly value: number | readonly Sample[];
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

/** One figure for each value of one label. */
export function samplesBy(label: string, values: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value }));
}

function linesOf({ name, help, type, value }: Metric): string[] {
  const head = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
  const samples = typeof value === 'number' ? [{ labels: {}, value }] : value;
  return [...head, ...samples.map((sample) => `${name}${labelsOf(sample)} ${sample.value}`)];
}

function labelsOf({ labels }: Sample): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
