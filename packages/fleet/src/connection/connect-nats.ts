// The way to NATS: addresses, credentials, whose subjects they are, and what its faults are called. No job and no link.

import { createSecureContext } from 'node:tls';
import { connect } from '@nats-io/transport-node';
import { checkKeys, invalidArgument } from '@sluice/core';
import { checkMs } from './check-ms.ts';
import { readAddress } from './fleet-address.ts';
import { FleetConnection } from './fleet-connection.ts';
import { endOf, type NatsCredentials, readCredentials } from './nats-credentials.ts';
import { natsFault } from './nats-fault.ts';
import { checkName } from './tenant-name.ts';
import { withoutLeftovers } from './without-leftovers.ts';

/** A server says nothing to who names itself at more length than its line has. */
const LONGEST_NAME = 255;

/** How NATS is reached, and whose subjects are spoken. */
export interface ConnectNatsOptions extends NatsCredentials {
  /** Addresses of one cluster: `nats://` on loopback, `tls://` anywhere. Default `nats://127.0.0.1:4222`. */
  readonly servers?: string | readonly string[];
  /** Whose fleet this is: every subject and stream begins with it. Letters, digits, `_` and `-`. Default `main`. */
  readonly tenant?: string;
  /** As the server's lists of connections show it. Default `sluice`. */
  readonly name?: string;
  /** For `tls://`, as PEM. Without `ca` the roots of Node; `cert` and `key` where the server asks for them. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** How long to wait for the first connection, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
}

/**
 * Connects to NATS for a fleet or for links between machines. A connection that was there once comes back by itself, however
 * long it takes, looking four times a second: a server that went is noticed within 4 s, and what runs goes on meanwhile.
 *
 * @returns the connection; closing it is the caller's (`await using` does)
 * @throws TypeError for an option that is wrong; SluiceError `SLUICE_FLEET_UNREACHABLE` where nobody answers in time,
 *   `SLUICE_FLEET_REFUSED` for credentials that the server does not know, `SLUICE_FLEET_TLS` for a certificate that is not trusted
 * @example
 * await using nats = await connectNats({ servers: 'nats://127.0.0.1:4222', tenant: 'acme' });
 */
export async function connectNats(options: ConnectNatsOptions = {}): Promise<FleetConnection> {
  checkKeys<ConnectNatsOptions>('connectNats', options, {
    servers: true,
    tenant: true,
    name: true,
    user: true,
    password: true,
    token: true,
    nkey: true,
    creds: true,
    tls: true,
    timeoutMs: true,
  });
  const { servers = 'nats://127.0.0.1:4222', tenant = 'main', name = 'sluice', timeoutMs = 5000 } = options;
  checkName('connectNats.tenant', tenant);
  checkMs('connectNats.timeoutMs', timeoutMs);
  if (typeof name !== 'string' || name.length > LONGEST_NAME)
    throw invalidArgument('connectNats.name', `a text of at most ${LONGEST_NAME} characters`, name);
  const credentials = readCredentials(options);
  const all = typeof servers === 'string' ? [servers] : servers;
  if (!Array.isArray(all) || all.length === 0)
    throw invalidArgument('connectNats.servers', 'an address, or a list of one or more', servers);
  const read = all.map((address) => readAddress('connectNats.servers', address));
  const tls = read.some((one) => one.tls);
  if (tls) checkTls(options.tls ?? {});
  if (tls && !read.every((one) => one.tls))
    throw invalidArgument('connectNats.servers', 'addresses of one kind, all tls: or all nats:', all);
  try {
    const nats = await withoutLeftovers(() =>
      connect({
        servers: read.map((one) => one.server),
        name: `${name} (${tenant})`,
        ...credentials,
        ...(tls ? { tls: options.tls ?? {} } : {}),
        inboxPrefix: inboxOf(tenant, options.user),
        timeout: timeoutMs,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        reconnectJitter: 100,
        // The client's own two minutes are longer than anybody waits in a call.
        pingInterval: 1500,
        maxPingOut: 2,
        ignoreAuthErrorAbort: true,
      }),
    );
    return new FleetConnection(nats, tenant, () => endOf(options));
  } catch (error) {
    throw natsFault(`NATS cannot be reached at ${all.join(', ')}`, error, endOf(options));
  }
}

/** An inbox that the server can keep others from listening to. */
function inboxOf(tenant: string, user: string | undefined): string {
  return ['_INBOX', tenant, ...(user ? [user.replace(/[.*>\s]/g, '_')] : [])].join('.');
}

/** The parts are read here, where it is known whose they are; a key appears in no message. */
function checkTls(tls: NonNullable<ConnectNatsOptions['tls']>): void {
  checkKeys<NonNullable<ConnectNatsOptions['tls']>>('connectNats.tls', tls, { ca: true, cert: true, key: true });
  try {
    createSecureContext(tls);
  } catch {
    throw invalidArgument('connectNats.tls', 'PEM texts, and a key that belongs to the certificate', Object.keys(tls));
  }
}
