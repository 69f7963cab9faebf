// By what others reach a server of this machine: addresses, a certificate, a browser. Starts no server.

import { isIP } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

/** Where a server is reached that listens. */
export interface ReachedAt {
  /** From this machine. */
  readonly url: string;
  /** From others: the best first. Empty where it listens on loopback. */
  readonly others: readonly string[];
}

/** The addresses of the machine, by device. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** What listens on all addresses, and which these are. */
const everywhere: Readonly<Record<string, readonly ('IPv4' | 'IPv6')[]>> = {
  '0.0.0.0': ['IPv4'],
  '::': ['IPv4', 'IPv6'],
};

/**
 * The URLs under which a server answers that says it listens at `listens`.
 *
 * @param names - Of hosts that it answers to: then it answers to no other.
 */
export function reachedAt(
  listens: URL,
  names: readonly string[],
  interfaces: Interfaces = networkInterfaces(),
): ReachedAt {
  const at = (host: string) => {
    const url = new URL(listens);
    url.hostname = isIP(host) === 6 ? `[${host}]` : host;
    return url.href;
  };
  if (isLoopback(listens.hostname)) return { url: listens.href, others: [] };
  if (names.length > 0) return { url: at(names[0]!), others: names.map(at) };
  const families = everywhere[bare(listens.hostname)];
  if (families === undefined) return { url: listens.href, others: [listens.href] };
  return { url: at('127.0.0.1'), others: outerAddresses(interfaces, families).map(at) };
}

/** Who a certificate of a server has to be for: each host that it may be asked by. */
export function hostsOf(
  host: string,
  names: readonly string[],
  interfaces: Interfaces = networkInterfaces(),
): string[] {
  const families = everywhere[bare(host)];
  const given = families === undefined ? [bare(host)] : outerAddresses(interfaces, families);
  return [...new Set(['localhost', '127.0.0.1', '::1', ...given, ...names])];
}

/** IPv4 before IPv6, which routers of a home may not pass on; no address of a link alone, which a URL cannot name. */
function outerAddresses(interfaces: Interfaces, families: readonly string[]): string[] {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  const outer = all.filter(
    ({ internal, scopeid, address }) => !internal && !scopeid && !address.startsWith('169.254.'),
  );
  return families.flatMap((wanted) => outer.filter(({ family }) => family === wanted).map(({ address }) => address));
}

/** Whether nobody else can come in there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || bare(host) === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Without the brackets that an address of IPv6 has in a URL. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
