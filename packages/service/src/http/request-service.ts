// One request over HTTP: deadlines, bounds, retries while nothing was given on, errors that say what helps.

import { checkKeys, invalidArgument, sleep } from '@sluice/core';
import { isVoiceError, type VoiceError } from '@sluice/core/voice';
import { faultText } from '../fault-text.ts';
import { networkError } from '../faults/network-error.ts';
import { readFault, type SaidFault } from '../faults/read-fault.ts';
import { retryAfterMs } from '../faults/retry-after.ts';
import { type ServiceIdentity, serviceError } from '../faults/service-error.ts';
import { inTime, type ServiceContext } from '../in-time.ts';
import { ServiceResponse } from './service-response.ts';

/** A request to a service, and how long it may take. */
export interface ServiceRequest {
  /** Whose service it is, for errors, with the secrets that are taken out of them. */
  readonly identity: ServiceIdentity;
  /** Where, `https:` or `http:`. */
  readonly url: string | URL;
  /** Default `POST`. */
  readonly method?: string;
  /** Beside those that `fetch` sets by itself; the key is among them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, again with each attempt. Default: none. */
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData;
  /** Until the first byte of the answer's body, in milliseconds. Default 10,000. */
  readonly firstByteMs?: number;
  /** Between two pieces of the body, in milliseconds. Default 10,000. */
  readonly silenceMs?: number;
  /** Of the body. Default 16 MiB. */
  readonly mostBytes?: number;
  /** Further attempts after a fault of category `retry`, or a short `wait`. Default 2. */
  readonly retries?: number;
  /** A service that asks to wait for longer is not waited for; in milliseconds. Default 1,000. */
  readonly mostWaitMs?: number;
  /** How this service says what is wrong. Default: the forms that are common. */
  readonly readFault?: (body: string) => SaidFault;
}

const keys = {
  identity: true,
  url: true,
  method: true,
  headers: true,
  body: true,
  firstByteMs: true,
  silenceMs: true,
  mostBytes: true,
  retries: true,
  mostWaitMs: true,
  readFault: true,
} as const;

/** Before the first retry, in milliseconds; doubled for each further one, a half of it by chance. */
const BACKOFF_MS = 200;
/** Of what a refusal says. */
const MOST_FAULT_BYTES = 64 * 1024;

/**
 * Asks a service and resolves when the first byte of its answer is there; the rest is read from the answer. A redirection
 * is a fault: keys go to the address they were given for. An abort of `context.signal` ends the connection.
 *
 * @throws VoiceError with the category of the last attempt
 */
export async function requestService(context: ServiceContext, request: ServiceRequest): Promise<ServiceResponse> {
  checkKeys<ServiceRequest>('requestService', request, keys);
  const { retries = 2, mostWaitMs = 1_000 } = request;
  if (!(Number.isSafeInteger(retries) && retries >= 0)) throw invalidArgument('retries', 'an integer from 0', retries);
  for (let attempt = 0; ; attempt++) {
    try {
      return await attemptOnce(context, request);
    } catch (error) {
      context.signal.throwIfAborted();
      const pause = isVoiceError(error) ? pauseBefore(error, attempt, context.random ?? Math.random) : undefined;
      if (attempt >= retries || pause === undefined || pause > mostWaitMs) throw error;
      await sleep(context.clock, pause, context.signal);
    }
  }
}

function pauseBefore({ category, retryAfterMs: ms }: VoiceError, attempt: number, random: () => number) {
  if (category === 'wait') return ms;
  return category === 'retry' ? BACKOFF_MS * 2 ** attempt * (0.5 + random() / 2) : undefined;
}

async function attemptOnce(context: ServiceContext, request: ServiceRequest): Promise<ServiceResponse> {
  const { identity, url, method = 'POST', headers = {}, body, firstByteMs = 10_000 } = request;
  context.signal.throwIfAborted();
  const connection = new AbortController();
  const onAbort = () => connection.abort(context.signal.reason);
  context.signal.addEventListener('abort', onAbort, { once: true });
  const over = () => context.signal.removeEventListener('abort', onAbort);
  connection.signal.addEventListener('abort', over, { once: true });
  const late = () => serviceError({ ...identity, category: 'retry', message: `nothing came within ${firstByteMs} ms` });
  const start = context.clock.now();
  const work = fetch(url, {
    method,
    headers: { ...headers },
    redirect: 'manual',
    signal: connection.signal,
    ...(body === undefined ? {} : { body }),
  }).catch((reason: unknown) => {
    throw networkError(identity, 'the request failed', reason);
  });
  try {
    const got = await inTime(context, firstByteMs, work, late);
    const { silenceMs = 10_000, mostBytes = 16 * 1024 * 1024 } = request;
    const response = new ServiceResponse(context, { identity, got, connection, silenceMs, mostBytes, over });
    if (!got.ok) throw await refusal(context, request, response);
    await response.begin(Math.max(1, firstByteMs - (context.clock.now() - start)), late);
    return response;
  } catch (error) {
    connection.abort();
    throw error;
  }
}

async function refusal(
  context: ServiceContext,
  { identity, readFault: read = readFault }: ServiceRequest,
  response: ServiceResponse,
): Promise<VoiceError> {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    const message = 'the address is redirected, and a key is not sent on';
    return serviceError({ ...identity, status, message, fix: 'Give the address that it leads to' });
  }
  const text = await faultText(context, response.text(MOST_FAULT_BYTES));
  const { message = 'it refused', code } = read(text);
  const wait = retryAfterMs(headers);
  return serviceError({
    ...identity,
    status,
    message,
    ...(code === undefined ? {} : { code }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}
