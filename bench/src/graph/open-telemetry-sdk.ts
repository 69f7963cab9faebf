import type { Meter, Tracer } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

/** OpenTelemetry's own SDK, which keeps what it is told and sends it nowhere. */
export interface OpenTelemetrySdk {
  readonly tracer: Tracer;
  readonly meter: Meter;
  /** Reads all that the meter has. */
  read(): Promise<void>;
  close(): Promise<void>;
}

export function openTelemetrySdk(): OpenTelemetrySdk {
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new InMemorySpanExporter())] });
  const kept = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  // Read when it is asked, never by its own timer.
  const reader = new PeriodicExportingMetricReader({ exporter: kept, exportIntervalMillis: 2 ** 30 });
  const meters = new MeterProvider({ readers: [reader] });
  return {
    tracer: tracers.getTracer('bench'),
    meter: meters.getMeter('bench'),
    async read() {
      kept.reset();
      await reader.forceFlush();
      if (kept.getMetrics().length === 0) throw new Error('the meter was read and had nothing');
    },
    async close() {
      await Promise.all([tracers.shutdown(), meters.shutdown()]);
    },
  };
}
