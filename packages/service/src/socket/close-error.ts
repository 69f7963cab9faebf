import type { ErrorCategory, VoiceError } from '@sluice/core/voice';
import { serviceError } from '../faults/service-error.ts';
import type { ServiceSocketOptions } from './socket-options.ts';

/** What helps after a close code of RFC 6455 and its registry. */
const CATEGORIES: Readonly<Record<number, ErrorCategory>> = {
  1000: 'retry',
  1001: 'retry',
  1005: 'retry',
  1006: 'retry',
  1008: 'give-up',
  1011: 'retry',
  1012: 'retry',
  1013: 'wait',
  1014: 'retry',
};

/** The status of HTTP behind the codes that stand for one. */
const STATUSES: Readonly<Record<number, number>> = { 3000: 401, 3003: 403, 3008: 408 };

/** The error for a connection that the service closed, or that was lost. */
export function closeError({ identity, faultOf }: ServiceSocketOptions, code: number, reason: string): VoiceError {
  const fault = faultOf?.(code, reason) ?? {};
  const status = fault.status ?? STATUSES[code];
  const category = status === undefined ? (CATEGORIES[code] ?? 'fall-back') : undefined;
  const said = fault.message ?? reason;
  return serviceError({
    ...identity,
    ...(status === undefined ? {} : { status }),
    ...(category === undefined ? {} : { category }),
    code: fault.code ?? `close ${code}`,
    message: said === '' ? 'the connection ended' : `the connection ended: ${said}`,
  });
}
