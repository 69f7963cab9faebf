import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

/** OpenTelemetry's own SDK, with exporters that keep what they get. */
export function inMemory() {
  const spans = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const kept = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  // Read when it is asked, never by its own timer.
  const reader = new PeriodicExportingMetricReader({ exporter: kept, exportIntervalMillis: 2 ** 30 });
  const meters = new MeterProvider({ readers: [reader] });
  return {
    tracer: tracers.getTracer('test'),
    meter: meters.getMeter('test'),
    spans: () => spans.getFinishedSpans(),
    /** Values by attributes of one metric, as they are now. */
    async metric(name: string) {
      kept.reset();
      await reader.forceFlush();
      const all = kept.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
      const found = all.find(({ descriptor }) => descriptor.name === name);
      return {
        unit: found?.descriptor.unit,
        points: (found?.dataPoints ?? []).map(({ attributes, value }) => ({ attributes, value })),
      };
    },
    async close() {
      await Promise.all([tracers.shutdown(), meters.shutdown()]);
    },
  };
}
