import { expect, it } from 'vitest';
import { natsFault } from './nats-fault.ts';

const named = (name: string, cause?: Error) => Object.assign(new Error('as they say', { cause }), { name });

it.each([
  [named('AuthorizationError'), 'SLUICE_FLEET_REFUSED'],
  [named('PermissionViolationError'), 'SLUICE_FLEET_REFUSED'],
  [named('JetStreamNotEnabled'), 'SLUICE_FLEET_JETSTREAM'],
  [named('RequestError', named('NoRespondersError')), 'SLUICE_FLEET_JETSTREAM'],
  [named('ConnectionError'), 'SLUICE_FLEET_UNREACHABLE'],
  [named('TimeoutError'), 'SLUICE_FLEET_UNREACHABLE'],
  [Object.assign(named('Error'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'SLUICE_FLEET_TLS'],
  [
    named('ConnectionError', Object.assign(named('Error'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })),
    'SLUICE_FLEET_TLS',
  ],
  [named('Other'), 'SLUICE_FLEET_FAILED'],
])('calls %s what it is', (error, code) => {
  expect(natsFault('it was tried', error)).toMatchObject({ code, cause: error });
});

it.each([
  ['CERT_HAS_EXPIRED', /has expired; .*get a new one/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /is of another name; .*a name that stands in the certificate/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /is not trusted; .*tls\.ca/],
])('says of a certificate with %s what helps', (code, said) => {
  const error = natsFault('it was tried', Object.assign(named('Error'), { code }));
  expect(error).toMatchObject({ code: 'SLUICE_FLEET_TLS', message: expect.stringMatching(said) });
});

it('leaves an error of ours as it is', () => {
  const ours = natsFault('it was tried', named('Other'));
  expect(natsFault('again', ours)).toBe(ours);
});
