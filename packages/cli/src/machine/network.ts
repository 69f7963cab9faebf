// Whether media can leave this process and come in: the addresses that ICE has, each with a datagram to itself.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { Finding } from './findings.ts';
import { showing } from './showing.ts';

/** A datagram to oneself takes less than a millisecond. */
const PASSES_WITHIN_MS = 500;

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Whether datagrams pass on loopback, which calls of this machine take, and on each other address that a call may use. */
export async function iceInterfaces(
  interfaces: Interfaces = networkInterfaces(),
  passes: (address: NetworkInterfaceInfo) => Promise<boolean> = passesDatagrams,
): Promise<Finding> {
  const name = 'network';
  const all = Object.entries(interfaces).flatMap(([device, addresses = []]) =>
    // An address of its link alone is no candidate beyond it.
    addresses.filter(({ scopeid }) => !scopeid).map((one) => ({ device, one })),
  );
  if (!all.some(({ one }) => one.internal))
    return { name, ok: false, told: 'there is no loopback address', fix: showing('interfaces') };
  const tried = await Promise.all(all.map(async ({ device, one }) => ({ device, one, ok: await passes(one) })));
  const shut = tried.filter(({ ok }) => !ok).map(({ device, one }) => `${one.address} (${device})`);
  if (shut.length > 0)
    return { name, ok: false, told: `no UDP passes on ${shut.join(', ')}`, fix: showing('firewall') };
  const outer = tried.filter(({ one }) => !one.internal).map(({ device, one }) => `${one.address} (${device})`);
  const where = outer.length === 0 ? 'this machine alone' : outer.join(', ');
  return { name, ok: true, told: `UDP passes; calls reach ${where}` };
}

async function passesDatagrams({ address, family }: NetworkInterfaceInfo): Promise<boolean> {
  const socket = createSocket(family === 'IPv6' ? 'udp6' : 'udp4');
  try {
    socket.bind(0, address);
    await once(socket, 'listening');
    const arrived = once(socket, 'message', { signal: AbortSignal.timeout(PASSES_WITHIN_MS) });
    socket.send('sluice', socket.address().port, address);
    await arrived;
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
