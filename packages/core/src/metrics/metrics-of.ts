import type { MetricRow } from './metric-rows.ts';
import type { MetricSample } from './metrics-text.ts';

/** A figure of graphs with its values, of which no two have the same labels. */
export interface GraphMetric {
  /** By OpenTelemetry's naming: `sluice.link.dropped.frames`. */
  readonly name: string;
  /** UCUM: `s`, `By`, `1`, or what is counted in braces, as `{frame}`. */
  readonly unit: string;
  /** A counter only grows, as long as its graph lives. */
  readonly type: 'gauge' | 'counter';
  /** What it counts, as a sentence for people. */
  readonly help: string;
  /** Its values now, each with what it is of. Without one where nothing has the figure. */
  readonly samples: readonly MetricSample[];
}

type Labels = MetricSample['labels'];

/** Reads the figures of a table off everything that has them. Each is there, also without a value. */
export function metricsOf<T>(
  rows: readonly MetricRow<T>[],
  all: readonly (readonly [Labels, T])[],
): readonly GraphMetric[] {
  return rows.map(({ read, ...about }) => ({
    ...about,
    samples: all.flatMap(([labels, one]): readonly MetricSample[] => {
      const values = read(one);
      if (values === undefined) return [];
      if (typeof values === 'number') return [{ labels, value: values }];
      return values.map(([label, is, value]) => ({ labels: { ...labels, [label]: is }, value }));
    }),
  }));
}
