import { type Context, type Histogram, type HrTime, type Meter, type Tracer, trace } from '@opentelemetry/api';
import type { TurnMessage } from '@sluice/core';
import { eventNames, histograms, spanNames } from './names.ts';
import type { Teller } from './teller.ts';

/** Upper edges in seconds: a good answer is below one, and people hang up at ten. */
const EDGES = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];

/** A span for each reply, from the person's last voiced sample to the first audible one, its parts below it. */
export class TurnSpans {
  readonly #tracer: Tracer;
  readonly #teller: Teller;
  readonly #contextOf: (id: number) => Context;
  readonly #latency: Histogram;
  readonly #part: Histogram;

  constructor(tracer: Tracer, meter: Meter, teller: Teller, contextOf: (id: number) => Context) {
    this.#tracer = tracer;
    this.#teller = teller;
    this.#contextOf = contextOf;
    const advice = { explicitBucketBoundaries: EDGES };
    const { latency, part } = histograms;
    this.#latency = meter.createHistogram(latency.name, { description: latency.help, unit: 's', advice });
    this.#part = meter.createHistogram(part.name, { description: part.help, unit: 's', advice });
  }

  onTurn(message: TurnMessage): void {
    const { graph, id, nowMs, turn, voicedEndMs, milestones, parts, interrupted, heardText } = message;
    // The graph's clock counts from anywhere; that of spans is the calendar's.
    const offsetMs = Date.now() - nowMs;
    const at = (ms: number) => calendarTime(offsetMs + ms);
    const attributes = this.#teller.say({ graph, turn, interrupted, heardText });
    const within = this.#contextOf(id);
    const span = this.#tracer.startSpan(spanNames.turn, { attributes, startTime: at(voicedEndMs) }, within);
    const told = span.spanContext();
    // Without an SDK there is nothing to be found.
    if (trace.isSpanContextValid(told)) message.traceId = told.traceId;
    for (const { name, atMs } of milestones) span.addEvent(`${eventNames.milestone}${name}`, {}, at(atMs));
    const below = trace.setSpan(within, span);
    let sinceMs = voicedEndMs;
    for (const { owner, ms } of parts) {
      const said = this.#teller.say({ graph, owner });
      const part = this.#tracer.startSpan(spanNames.part, { attributes: said, startTime: at(sinceMs) }, below);
      sinceMs += ms;
      part.end(at(sinceMs));
      this.#part.record(ms / 1_000, said);
    }
    if (parts.length > 0) this.#latency.record((sinceMs - voicedEndMs) / 1_000, this.#teller.say({ graph }));
    span.end(parts.length > 0 ? at(sinceMs) : at(nowMs));
  }
}

/** Small numbers would be taken for times since the start of the process. */
function calendarTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}
