import type { Attributes, BatchObservableCallback, Meter, Observable } from '@opentelemetry/api';
import { type Cancel, type Graph, graphMetrics, type MetricSample } from '@sluice/core';
import { labelNames } from './names.ts';

/** Tells the numbers of graphs when the meter is read, and does nothing in between. */
export class GraphFigures {
  readonly #meter: Meter;
  readonly #graphs = new Set<Graph>();
  readonly #instruments = new Map<string, Observable>();
  readonly #observe: BatchObservableCallback;

  constructor(meter: Meter) {
    this.#meter = meter;
    for (const { name, unit, type, help } of graphMetrics([])) {
      const options = { unit, description: help };
      const instrument =
        type === 'counter' ? meter.createObservableCounter(name, options) : meter.createObservableGauge(name, options);
      this.#instruments.set(name, instrument);
    }
    this.#observe = (result) => {
      if (this.#graphs.size === 0) return;
      for (const { name, samples } of graphMetrics([...this.#graphs].map((graph) => graph.inspect())))
        for (const sample of samples) result.observe(this.#instruments.get(name)!, sample.value, attributesOf(sample));
    };
    meter.addBatchObservableCallback(this.#observe, [...this.#instruments.values()]);
  }

  watch(graph: Graph): Cancel {
    this.#graphs.add(graph);
    return () => void this.#graphs.delete(graph);
  }

  close(): void {
    this.#graphs.clear();
    this.#meter.removeBatchObservableCallback(this.#observe, [...this.#instruments.values()]);
  }
}

function attributesOf({ labels }: MetricSample): Attributes {
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [labelNames[label] ?? label, value]));
}
