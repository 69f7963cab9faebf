import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { invalidArgument } from '@sluice/core';

/** More hops are read of no header: each costs a look, and the client writes as many as it likes. */
const MOST_HOPS = 16;

/** Reverse proxies that are believed in who asks through them. */
export class TrustedProxies {
  readonly #list = new BlockList();
  /** Whether there are none. */
  readonly isEmpty: boolean;

  /** @throws TypeError for what is neither an address nor a network */
  constructor(addresses: readonly string[] = []) {
    if (!Array.isArray(addresses)) throw wrong(addresses);
    this.isEmpty = addresses.length === 0;
    for (const one of addresses) this.#add(one);
  }

  has(address = ''): boolean {
    const plain = plainOf(address);
    const version = isIP(plain);
    return version !== 0 && this.#list.check(plain, version === 6 ? 'ipv6' : 'ipv4');
  }

  /**
   * The address of who asks. Each proxy writes behind what it got whom it got it from, so `X-Forwarded-For` is read from its end, as
   * far as those who wrote are proxies of ours: what a client writes there itself stands before, and is not reached.
   */
  clientOf({
    headers,
    socket,
  }: Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } }): string {
    let client = plainOf(socket.remoteAddress ?? '');
    const named = [headers['x-forwarded-for'] ?? ''].flat().join(',').split(',').slice(-MOST_HOPS);
    for (const one of named.reverse()) {
      if (!this.has(client)) break;
      const address = plainOf(one.trim());
      if (isIP(address) === 0) break;
      client = address;
    }
    return client;
  }

  #add(one: string): void {
    const [address = '', bits, ...more] = typeof one === 'string' ? one.split('/') : [];
    const version = isIP(address);
    const most = version === 6 ? 128 : 32;
    const isNetwork = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most);
    if (version === 0 || !isNetwork || more.length > 0) throw wrong(one);
    this.#list.addSubnet(address, Number(bits ?? most), version === 6 ? 'ipv6' : 'ipv4');
  }
}

/** An IPv4 address that came over a socket of IPv6, as what it is. */
function plainOf(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

function wrong(received: unknown): TypeError {
  return invalidArgument('proxies', 'addresses or networks as 127.0.0.1 or 10.0.0.0/8', received);
}
