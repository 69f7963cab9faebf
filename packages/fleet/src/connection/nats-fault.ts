import { isSluiceError, type SluiceError, toError } from '@sluice/core';
import { fleetError } from '../errors.ts';

/** Names of the errors of the client for a server that is not there, or that went. */
const AWAY = new Set([
  'ConnectionError',
  'TimeoutError',
  'ClosedConnectionError',
  'DrainingConnectionError',
  'RequestError',
  'ECONNREFUSED',
  'ENOTFOUND',
  'ECONNRESET',
  'ETIMEDOUT',
]);

/** Codes of Node for certificates that it does not trust, and for TLS that does not come about. */
const TLS = /^(?:ERR_(?:TLS|SSL|OSSL)_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;

/**
 * An error of the NATS client as one of ours, by its class and never by its text. That nobody answers an interface of
 * JetStream is said as what it is: the server runs without it.
 *
 * @param what What was tried, as the beginning of a sentence: `nats://127.0.0.1:4222 cannot be reached`.
 */
export function natsFault(what: string, error: unknown): SluiceError {
  if (isSluiceError(error)) return error;
  const cause = toError(error);
  const code = (cause as { readonly code?: unknown }).code;
  const names = [...chainOf(cause)].flatMap((one) => [one.name, String((one as { code?: unknown }).code)]);
  if (names.some((name) => name === 'AuthorizationError' || name === 'UserAuthenticationExpiredError'))
    return fleetError('SLUICE_FLEET_REFUSED', `${what}: the server does not know the credentials`, {
      fix: 'Give the user and password of this tenant, as they stand in the configuration of the server',
      cause,
    });
  if (names.includes('PermissionViolationError'))
    return fleetError('SLUICE_FLEET_REFUSED', `${what}: the server does not allow it to these credentials`, {
      received: (cause as { readonly subject?: unknown }).subject,
      fix: 'Give the credentials of the tenant whose subjects these are',
      cause,
    });
  if (names.includes('JetStreamNotEnabled') || names.includes('NoRespondersError'))
    return fleetError('SLUICE_FLEET_JETSTREAM', `${what}: the server runs without JetStream, or not for this account`, {
      fix: 'Start nats-server with -js, and with `jetstream: enabled` in each account of a tenant',
      cause,
    });
  if (names.some((name) => TLS.test(name)))
    return fleetError('SLUICE_FLEET_TLS', `${what}: its certificate is not trusted`, {
      received: code,
      fix: 'Give the authority of its certificate as `tls.ca`, and an address by the name that stands in it',
      cause,
    });
  if (names.some((name) => AWAY.has(name)))
    return fleetError('SLUICE_FLEET_UNREACHABLE', what, {
      fix: 'See that nats-server runs there, that it speaks TLS where the address says so and takes the certificate of `tls`, and that nothing in between refuses the port',
      cause,
    });
  return fleetError('SLUICE_FLEET_FAILED', what, { received: code ?? cause.message, cause });
}

function* chainOf(error: Error): Generator<Error> {
  for (let one: unknown = error; one instanceof Error; one = one.cause) yield one;
}
