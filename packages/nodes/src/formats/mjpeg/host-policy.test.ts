import { expect, it } from 'vitest';
import { isKnownHost, isLoopback } from './host-policy.ts';

it.each(['localhost', 'LocalHost', '127.0.0.1', '127.8.9.10', '::1', '[::1]'])('%s is loopback', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each(['', '0.0.0.0', '10.0.0.1', '::', '127.0.0.1.example.com', 'localhost.example.com', '127.1'])(
  '%s is not',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);

it.each([
  // On loopback, and beyond it.
  ['127.0.0.1:8080', true, true],
  ['localhost', true, true],
  ['LOCALHOST:1', true, true],
  ['[::1]:8080', true, true],
  ['camera.local:8080', true, true],
  ['10.0.0.7:8080', false, true],
  ['[2001:db8::1]:8080', false, true],
  ['rebound.example:8080', false, false],
  ['localhost.example', false, false],
  ['camera.local.example', false, false],
  ['', false, false],
  [undefined, false, false],
] as const)('the host %s is answered: %s on loopback, %s beyond', (host, onLoopback, beyond) => {
  expect(isKnownHost(host, true, ['camera.local'])).toBe(onLoopback);
  expect(isKnownHost(host, false, ['camera.local'])).toBe(beyond);
});
