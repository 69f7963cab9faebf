import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api';
import { type AttributeKey, attributes, eventNames } from './names.ts';

/** Says what may be said: names attributes, and leaves out what is personal unless it was asked for. */
export class Teller {
  readonly #personal: boolean;

  constructor(personal: boolean) {
    this.#personal = personal;
  }

  /** Attributes by their names; what is undefined is left out. */
  say(values: Partial<Record<AttributeKey, string | number | boolean | undefined>>): Attributes {
    const said: Attributes = {};
    for (const [key, value] of Object.entries(values)) {
      const { name, personal } = attributes[key as AttributeKey];
      if (value !== undefined && (this.#personal || !personal)) said[name] = value;
    }
    return said;
  }

  /** An error as attributes: its code, or its class; what it says may hold words and names of people. */
  errorOf(error: (Error & { readonly code?: unknown }) | undefined): Attributes {
    return error === undefined ? {} : { ...this.errorTypeOf(error), ...this.say({ errorMessage: error.message }) };
  }

  /** Of metrics: messages would be a series each. */
  errorTypeOf(error: (Error & { readonly code?: unknown }) | undefined): Attributes {
    if (error === undefined) return {};
    return this.say({ errorType: typeof error.code === 'string' ? error.code : error.name });
  }

  /** An error that ended nothing. */
  event(span: Span, error: Error): void {
    span.addEvent(eventNames.error, this.errorOf(error));
  }

  /** An error that ended what the span is of. */
  failed(span: Span, error: Error | undefined): void {
    span.setAttributes(this.errorOf(error));
    span.setStatus({ code: SpanStatusCode.ERROR, ...(this.#personal && error ? { message: error.message } : {}) });
  }
}
