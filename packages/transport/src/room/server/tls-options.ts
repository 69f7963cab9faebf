import { createSecureContext } from 'node:tls';
import { checkKeys, invalidArgument } from '@sluice/core';
import { systemCode } from '../protocol/network-advice.ts';

/** Each the text of a PEM file. */
export interface TlsOptions {
  /** The private key, unencrypted. */
  readonly key: string;
  /** The certificate and those between it and its authority. */
  readonly cert: string;
}

/**
 * Key and certificate, checked at once: a server that cannot be reached over TLS would say so to its clients only.
 *
 * @throws TypeError that shows nothing of the key.
 */
export function readTls(tls: TlsOptions): TlsOptions {
  checkKeys<TlsOptions>('tls', tls, { key: true, cert: true });
  const { key, cert } = tls;
  const rule = 'a private key and its certificate, each the text of a PEM file';
  if (typeof key !== 'string' || typeof cert !== 'string' || key === '' || cert === '')
    throw invalidArgument('tls', rule, `${typeof key} and ${typeof cert}`);
  try {
    createSecureContext({ key, cert });
  } catch (cause) {
    throw invalidArgument('tls', rule, systemCode(cause));
  }
  return { key, cert };
}
