import { isIP } from 'node:net';

export interface RequestPolicyOptions {
  /** Whether the server listens on loopback only. */
  readonly loopback: boolean;
  /** Further names the server answers to, without a port. */
  readonly hosts: readonly string[];
  /** Origins of pages that may connect beside the server's own; exact match. */
  readonly origins: readonly string[];
}

/** True for addresses and names that never leave this machine. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/**
 * Whether a request may be answered at all, be it plain or an upgrade: 403 or 421 if not. A page of another origin must
 * not use a visitor's access, and a name that somebody pointed at this machine (DNS rebinding) is not ours. Programs send
 * no Origin and may ask.
 */
export function requestFault(
  { host = '', origin }: { readonly host?: string | undefined; readonly origin?: string | undefined },
  options: RequestPolicyOptions,
): 403 | 421 | undefined {
  const hostname = host.replace(/:\d{1,5}$/, '');
  const known =
    options.hosts.includes(hostname) || (options.loopback ? isLoopbackHost(hostname) : options.hosts.length === 0);
  if (!known) return 421;
  if (origin === undefined || options.origins.includes(origin)) return undefined;
  return origin === `http://${host}` || origin === `https://${host}` ? undefined : 403;
}
