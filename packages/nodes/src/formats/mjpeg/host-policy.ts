import { isIP } from 'node:net';

/** True for addresses and names that never leave this machine. */
export function isLoopback(host: string): boolean {
  const name = withoutBrackets(host);
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/**
 * Whether a request means this server. A web page can point a name of its own at this machine (DNS rebinding), but not
 * an address: addresses are answered, on loopback those of loopback, and of names only the ones that are known.
 */
export function isKnownHost(header: string | undefined, loopback: boolean, names: readonly string[]): boolean {
  const host = (header ?? '').replace(/:\d{1,5}$/, '').toLowerCase();
  return isLoopback(host) || names.includes(host) || (!loopback && isIP(withoutBrackets(host)) !== 0);
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}
