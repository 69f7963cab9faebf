import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkKeys, invalidArgument } from '@sluice/core';
import { fleetError } from '../errors.ts';
import {
  type NatsMember,
  type NatsTls,
  type NatsUser,
  natsConfiguration,
  passwordOf,
  type TenantLogin,
} from './nats-configuration.ts';

export type { NatsMember, NatsTls, NatsUser, TenantLogin } from './nats-configuration.ts';

/** A NATS server for a test. */
export interface StartNatsOptions {
  /** What is started. Default `nats-server`, as the system finds it, or in `/usr/sbin`. */
  readonly program?: string;
  /** A port of loopback. Default one that is free. */
  readonly port?: number;
  /** Whether it keeps jobs and leases. Default true. */
  readonly jetStream?: boolean;
  /** Tenants with an account each; without them anybody may do everything. Default none. */
  readonly tenants?: readonly string[];
  /** Users of these tenants that may do less. Default none. */
  readonly users?: readonly NatsUser[];
  /** What stands between the braces of `accounts` in its configuration, in place of `tenants` and `users`. */
  readonly accounts?: string;
  /** Further lines of its configuration, as `authorization { token: … }`. Default: none. */
  readonly lines?: readonly string[];
  /** It speaks TLS and nothing else. Default: in clear. */
  readonly tls?: NatsTls;
  /** It is one of a cluster, which it can be with JetStream only when most of them are there. Default: it is alone. */
  readonly member?: NatsMember;
}

/** A NATS server that runs on loopback, with a folder of its own. */
export interface LocalNats extends AsyncDisposable {
  /** `nats://127.0.0.1:<port>`, with TLS `tls://127.0.0.1:<port>`. */
  readonly url: string;
  /** For clients; stays the same after `restart`. */
  readonly port: number;
  /** The process, for tests that kill it or hold it up. It is another one after `restart`. */
  readonly process: ChildProcess;
  /** User and password of a tenant, or of one of its users. */
  login(name: string): TenantLogin;
  /** Ends it at once, as a crash would. What it has acknowledged stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port with what it had kept. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

/**
 * Starts the `nats-server` of this machine on a port of loopback, with JetStream in a temporary folder. It ends with its
 * test, or with this process.
 *
 * @throws SluiceError `SLUICE_FLEET_UNREACHABLE` where there is no `nats-server` (Debian: `apt-get install nats-server`), its port is
 *   taken, or it does not answer within 10 s
 * @example
 * await using server = await startNats();
 * await using nats = await connectNats({ servers: server.url });
 */
export async function startNats(options: StartNatsOptions = {}): Promise<LocalNats> {
  checkKeys<StartNatsOptions>('startNats', options, {
    program: true,
    port: true,
    jetStream: true,
    tenants: true,
    users: true,
    accounts: true,
    lines: true,
    tls: true,
    member: true,
  });
  const { program = 'nats-server', jetStream = true, tenants = [], users = [], accounts, lines, tls, member } = options;
  const port = options.port ?? (await freePort());
  if (!Number.isSafeInteger(port) || port < 1 || port > 65_535)
    throw invalidArgument('startNats.port', 'an integer from 1 to 65535', port);
  await checkFree(port);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-nats-'));
  const file = join(folder, 'nats.conf');
  await writeFile(file, natsConfiguration({ port, jetStream, folder, tls, tenants, users, accounts, lines, member }));
  for (const [name, pem] of Object.entries(tls ?? {}))
    await writeFile(join(folder, `${name}.pem`), pem, { mode: 0o600 });
  const remove = () => rm(folder, { recursive: true, force: true });
  let child = await launch(program, file, port).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    end();
    await exited;
  };
  const close = async () => {
    await kill();
    process.off('exit', end);
    await remove();
  };
  return {
    url: `${tls === undefined ? 'nats' : 'tls'}://127.0.0.1:${port}`,
    port,
    get process() {
      return child;
    },
    login: (user) => ({ user, password: passwordOf(user) }),
    kill,
    restart: async () => {
      await kill();
      child = await launch(program, file, port);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function launch(program: string, file: string, port: number): Promise<ChildProcess> {
  // Debian puts it where only root looks.
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };
  const child = spawn(program, ['--config', file], { stdio: 'ignore', env });
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    await sleep(20);
    if (failure !== undefined || child.exitCode !== null) break;
    if (await answers(port)) return child;
  }
  child.kill('SIGKILL');
  throw fleetError('SLUICE_FLEET_UNREACHABLE', 'nats-server did not start', {
    received: failure?.message ?? `exit code ${child.exitCode}`,
    fix: 'Install it: apt-get install nats-server',
    ...(failure === undefined ? {} : { cause: failure }),
  });
}

/** A server that is there already would answer for the one that could not start. */
async function checkFree(port: number): Promise<void> {
  try {
    await listenOnce(port);
  } catch (cause) {
    throw fleetError('SLUICE_FLEET_UNREACHABLE', `nats-server cannot have the port ${port} of 127.0.0.1`, {
      received: (cause as { readonly code?: unknown }).code,
      fix: 'Give another port, or end what listens there',
      cause,
    });
  }
}

/** The greeting of the server, and not only that something listens. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('data', (bytes) => done(bytes.toString('latin1').startsWith('INFO')));
    socket.once('error', () => done(false));
    socket.setTimeout(500, () => done(false));
  });
}

/** A port of loopback that nobody listens on. */
export function freePort(): Promise<number> {
  return listenOnce(0);
}

/** Resolves with the port, which is free again. @throws Error where it is not to be had */
async function listenOnce(wanted: number): Promise<number> {
  const server = createServer();
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
