// Faults of a service to errors that say what helps, whose service it is and which secret it wants, and never a key.

import { toError } from '@sluice/core';
import { type ErrorCategory, type VoiceError, voiceError } from '@sluice/core/voice';
import { redact } from './redact.ts';

/** Which service is spoken to, and what of it may never be shown. */
export interface ServiceIdentity {
  /** The model, as its `name` says: `openai-chat`. */
  readonly model: string;
  /** As people know it: `OpenAI`. */
  readonly service: string;
  /** The name of the secret that it wants. Default `apiKey`. */
  readonly secretName?: string;
  /** Values that no message may show. */
  readonly secrets?: readonly string[];
}

/** What went wrong with a service, told apart by its category: see {@link serviceError}. */
export interface ServiceFault extends ServiceIdentity {
  /** Of HTTP; what a socket's close code amounts to, where it amounts to one. */
  readonly status?: number;
  /** The service's own word for it: `insufficient_quota`. */
  readonly code?: string;
  /** What happened, as the service or the network says it; keys are taken out of it. */
  readonly message: string;
  /** How long to wait, in milliseconds, if the service said. */
  readonly retryAfterMs?: number;
  /** Where the status says nothing or the wrong thing. */
  readonly category?: ErrorCategory;
  /** The error of the network or a parser that it came from. */
  readonly cause?: unknown;
  /** What to do about it, as a sentence without the full stop. */
  readonly fix?: string;
}

/** A quota does not come back by waiting. */
const EXHAUSTED = /quota|billing|payment|credit|balance/i;

/**
 * The error for a fault of a service. Its category follows the status: 401, 402, 403, 404, 400 and others like them
 * `give-up`; 408, 409, 425, 5xx `retry`; 429, and 503 that says how long, `wait`, unless a quota is used up, which is
 * `give-up`; without a status `fall-back`. A fault of the network is `retry`: say so by `category`.
 *
 * @example
 * throw serviceError({ model: 'openai-chat', service: 'OpenAI', status: 401, message: 'Incorrect API key provided' });
 */
export function serviceError(fault: ServiceFault): VoiceError {
  const { model, service, secretName = 'apiKey', secrets = [], status, code, retryAfterMs } = fault;
  const category = fault.category ?? categoryOfStatus(fault);
  const refused = status === 401 || status === 403;
  const said = redact(fault.message, secrets);
  const marks = [status, code === undefined ? undefined : redact(code, secrets)].filter((mark) => mark !== undefined);
  const what = `${service}: ${said}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`;
  const fix = fault.fix ?? (refused ? `Look whether the secret \`${secretName}\` is right and may do this` : undefined);
  return voiceError(refused ? `${what}; the secret \`${secretName}\` was refused` : what, {
    model,
    category,
    ...(category === 'wait' && retryAfterMs !== undefined ? { retryAfterMs } : {}),
    ...(fix === undefined ? {} : { fix }),
    ...(fault.cause === undefined ? {} : { cause: withoutSecrets(fault.cause, secrets) }),
  });
}

function categoryOfStatus({ status, code = '', message, retryAfterMs }: ServiceFault): ErrorCategory {
  if (status === undefined) return 'fall-back';
  if (status === 429) return EXHAUSTED.test(code) || (code === '' && EXHAUSTED.test(message)) ? 'give-up' : 'wait';
  if (status === 503 && retryAfterMs !== undefined) return 'wait';
  if (status >= 500 || status === 408 || status === 409 || status === 425) return 'retry';
  return status >= 300 ? 'give-up' : 'fall-back';
}

/** The cause, as long as nothing of it shows a key; otherwise what is left of its message. */
function withoutSecrets(cause: unknown, secrets: readonly string[]): unknown {
  const { message, stack = '', cause: deeper } = toError(cause);
  const texts = [message, stack, deeper instanceof Error ? deeper.message : ''].join('\n');
  const shows = secrets.some((secret) => secret !== '' && texts.includes(secret));
  return shows ? new Error(redact(message, secrets)) : cause;
}
