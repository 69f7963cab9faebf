import { isSluiceError, type SluiceError, toError } from '@sluice/core';
import { fleetError } from '../errors.ts';

/** Names of the errors of the client for a server that is not there, or that went. */
const AWAY = new Set([
  'ConnectionError',
  'TimeoutError',
  'RequestError',
  'ECONNREFUSED',
  'ENOTFOUND',
  'ECONNRESET',
  'ETIMEDOUT',
]);

/** And for a connection that was closed here. */
const CLOSED = new Set(['ClosedConnectionError', 'DrainingConnectionError']);

/** Codes of Node for certificates that it does not trust, and for TLS that does not come about. */
const TLS = /^(?:ERR_(?:TLS|SSL|OSSL)_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;
/** What is wrong with a certificate, and what helps. */
const CERTIFICATES: Readonly<Record<string, readonly [string, string]>> = {
  CERT_HAS_EXPIRED: ['has expired', 'Have the server get a new one, and see that the clock of this machine is right'],
  CERT_NOT_YET_VALID: ['is not valid yet', 'See that the clock of this machine is right'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['is of another name', 'Give an address by a name that stands in the certificate'],
};
const UNTRUSTED = [
  'is not trusted',
  'Give the authority of its certificate as `tls.ca`, and an address by the name that stands in it',
] as const;

/**
 * An error of the NATS client as one of ours, by its class and never by its text. That nobody answers an interface of
 * JetStream is said as what it is: the server runs without it.
 *
 * @param what What was tried, as the beginning of a sentence: `nats://127.0.0.1:4222 cannot be reached`.
 * @param endMs When the credentials end that were shown, in milliseconds since 1970, where they say it.
 */
export function natsFault(what: string, error: unknown, endMs = Number.POSITIVE_INFINITY): SluiceError {
  if (isSluiceError(error)) return error;
  const cause = toError(error);
  const code = (cause as { readonly code?: unknown }).code;
  const names = [...chainOf(cause)].flatMap((one) => [one.name, String((one as { code?: unknown }).code)]);
  if (names.some((name) => name === 'AuthorizationError' || name === 'UserAuthenticationExpiredError'))
    return endMs <= Date.now() || names.includes('UserAuthenticationExpiredError')
      ? fleetError('SLUICE_FLEET_REFUSED', `${what}: the credentials have ended`, {
          ...(endMs <= Date.now() && { received: `an end at ${new Date(endMs).toISOString()}` }),
          fix: 'Have new ones made for this user, and connect with them',
          cause,
        })
      : fleetError('SLUICE_FLEET_REFUSED', `${what}: the server does not know the credentials`, {
          fix: 'Give the user and password, token, nkey or creds of this tenant, as the configuration of the server has them',
          cause,
        });
  const violation = [...chainOf(cause)].find(({ name }) => name === 'PermissionViolationError');
  if (violation !== undefined) {
    const { operation, subject } = violation as { readonly operation?: string; readonly subject?: string };
    return fleetError('SLUICE_FLEET_REFUSED', `${what}: the server does not allow it to these credentials`, {
      received: `${operation ?? 'use'} of ${subject}`,
      fix: `Add the subject to \`permissions.${operation === 'subscription' ? 'subscribe' : 'publish'}\` of this user, or give credentials that have it: docs/deploying.md lists what each needs`,
      cause,
    });
  }
  if (names.includes('JetStreamNotEnabled') || names.includes('NoRespondersError'))
    return fleetError('SLUICE_FLEET_JETSTREAM', `${what}: the server runs without JetStream, or not for this account`, {
      fix: 'Start nats-server with -js, and with `jetstream: enabled` in each account of a tenant',
      cause,
    });
  const ofTls = names.find((name) => TLS.test(name));
  if (ofTls !== undefined) {
    const [is, fix] = CERTIFICATES[ofTls] ?? UNTRUSTED;
    return fleetError('SLUICE_FLEET_TLS', `${what}: its certificate ${is}`, { received: ofTls, fix, cause });
  }
  if (names.some((name) => CLOSED.has(name)))
    return fleetError('SLUICE_FLEET_UNREACHABLE', `${what}: the connection was closed`, {
      fix: 'Connect anew by connectNats, and close a connection after all that uses it',
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
