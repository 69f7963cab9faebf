// Spans of OpenTelemetry in the JSON of its protocol (OTLP): numbers of 64 bits are texts in it, ids are hexadecimal.

/** A name and what it is of a span, in the form of the protocol. */
export interface OtlpAttribute {
  readonly key: string;
  /** Whole numbers are texts, as 64 bits are in JSON. */
  readonly value: { readonly stringValue: string } | { readonly intValue: string } | { readonly boolValue: boolean };
}

/** Something that happened in the time of a span. */
export interface OtlpEvent {
  readonly name: string;
  readonly timeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
}

/** A stretch of time with what is known of it. */
export interface OtlpSpan {
  /** 32 hexadecimal digits, those of all spans of its graph. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Of the span that it is a part of; absent for a graph. */
  readonly parentSpanId?: string;
  readonly name: string;
  /** 1: inside of the program. */
  readonly kind: 1;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly events: readonly OtlpEvent[];
  /** 2 is an error, 0 says nothing. */
  readonly status: { readonly code: 0 | 2 };
}

/** What a collector takes at `/v1/traces`, and what its file receiver reads: one line of it. */
export interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** Attributes by their names; undefined for what is not known. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a span is made of. */
export interface SpanFacts extends Pick<OtlpSpan, 'traceId' | 'parentSpanId'> {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly about: Facts;
  readonly failed?: boolean;
  readonly events?: readonly OtlpEvent[];
}

/** A span with an id of its own. */
export function spanOf({ name, from, to, about, failed = false, events = [], ...place }: SpanFacts): OtlpSpan {
  return {
    ...place,
    ...{ spanId: hex(8), name, kind: 1, startTimeUnixNano: nanos(from), endTimeUnixNano: nanos(to) },
    ...{ attributes: attributesOf(about), events, status: { code: failed ? 2 : 0 } },
  };
}

/** Those that are known. */
export function attributesOf(facts: Facts): readonly OtlpAttribute[] {
  return Object.entries(facts).flatMap(([key, value]): readonly OtlpAttribute[] => {
    if (value === undefined) return [];
    if (typeof value === 'boolean') return [{ key, value: { boolValue: value } }];
    return [{ key, value: typeof value === 'number' ? { intValue: `${value}` } : { stringValue: value } }];
  });
}

/** Milliseconds since 1970 as nanoseconds: more than a number holds, so microseconds and three zeros. */
export function nanos(ms: number): string {
  return `${Math.round(1_000 * ms)}000`;
}

/** As many random bytes, in hexadecimal digits. */
export function hex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
