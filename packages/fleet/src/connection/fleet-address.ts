import { invalidArgument } from '@sluice/core';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * What the client takes as a server of one address: host and port, and whether TLS is spoken. Credentials go in the clear
 * without it, so that it may be left out on loopback only.
 *
 * @throws TypeError for another scheme, credentials in the address, or `nats:` beyond loopback
 */
export function readAddress(option: string, address: string): { readonly server: string; readonly tls: boolean } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== 'nats:' && url.protocol !== 'tls:') || url.hostname === '')
    throw invalidArgument(option, 'an address as nats://127.0.0.1:4222 or tls://nats.example:4222', address);
  if (url.username !== '' || url.password !== '')
    throw invalidArgument(option, 'an address without credentials; user and password are options', '(hidden)');
  const tls = url.protocol === 'tls:';
  if (!tls && !LOOPBACK.test(url.hostname))
    throw invalidArgument(option, 'tls: beyond loopback, since nats: sends credentials in the clear', address);
  return { server: url.host, tls };
}
