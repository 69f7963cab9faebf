import { type Histogram, type Meter, type Span, SpanKind, type Tracer } from '@opentelemetry/api';
import type { CallMessage } from '@sluice/core';
import { eventNames, histograms, spanNames } from './names.ts';
import type { Teller } from './teller.ts';

interface OpenCall {
  readonly span: Span;
  readonly startedAt: number;
  error: Error | undefined;
}

/** A span for each call, from joining to having left. */
export class CallSpans {
  readonly #tracer: Tracer;
  readonly #teller: Teller;
  readonly #duration: Histogram;
  readonly #open = new Map<number, OpenCall>();

  constructor(tracer: Tracer, meter: Meter, teller: Teller) {
    this.#tracer = tracer;
    this.#teller = teller;
    const { name, help } = histograms.call;
    const advice = { explicitBucketBoundaries: [1, 10, 60, 300, 900, 3_600, 14_400] };
    this.#duration = meter.createHistogram(name, { description: help, unit: 's', advice });
  }

  onCall({ client, state, url, error }: CallMessage): void {
    if (state === 'joining') {
      const options = { kind: SpanKind.CLIENT, attributes: this.#teller.say({ client, url }) };
      const span = this.#tracer.startSpan(spanNames.call, options);
      this.#open.set(client, { span, startedAt: performance.now(), error: undefined });
      return;
    }
    const open = this.#open.get(client);
    if (open === undefined) return;
    open.error ??= error;
    open.span.addEvent(eventNames.callState, this.#teller.say({ callState: state }));
    if (state !== 'left') return;
    if (open.error !== undefined) this.#teller.failed(open.span, open.error);
    open.span.end();
    this.#open.delete(client);
    this.#duration.record((performance.now() - open.startedAt) / 1_000, this.#teller.errorTypeOf(open.error));
  }

  /** What has not ended ends, so that it is told at all. */
  close(): void {
    for (const { span } of this.#open.values()) span.end();
    this.#open.clear();
  }
}
