// Figures for programs that watch: those of a graph, and the text format in which Prometheus reads any. No clock, no
// state, no socket: whoever asks pays.

/** A value and what it is of. */
export interface MetricSample {
  /**
   * Names and values that tell it from the others: `{ graph: 'call', node: 'mix' }`. Values are escaped as they are
   * written.
   */
  readonly labels: Readonly<Record<string, string>>;
  /** May be `NaN` or infinite, which the format has words for. */
  readonly value: number;
}

/** One figure, or several that labels tell apart: no two with the same. */
export interface Metric {
  /** As Prometheus allows it: letters, digits, `_` and `:`. It is not checked. */
  readonly name: string;
  /** What it counts, in one line: it is not escaped. */
  readonly help: string;
  /** A counter only grows; a gauge goes both ways. */
  readonly type: 'gauge' | 'counter';
  /** A number is one value without labels. */
  readonly value: number | readonly MetricSample[];
}

/** `Content-Type` of the text that {@link metricsText} and `prometheus` give. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Figures in the text format of Prometheus, version 0.0.4. Labels are escaped; names are the caller's to choose well. */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics
    .flatMap(linesOf)
    .map((line) => `${line}\n`)
    .join('');
}

function linesOf({ name, help, type, value }: Metric): string[] {
  const head = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
  const samples = typeof value === 'number' ? [{ labels: {}, value }] : value;
  return [...head, ...samples.map((sample) => `${name}${labelsOf(sample)} ${numberOf(sample.value)}`)];
}

function numberOf(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return `${value}`;
  return value > 0 ? '+Inf' : '-Inf';
}

function labelsOf({ labels }: MetricSample): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  if (!/[\\"\n]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
