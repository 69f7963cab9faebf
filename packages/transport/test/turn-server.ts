import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

export interface TurnServerOptions {
  readonly port?: number;
  /** Who has it makes credentials, which end; without one there is the user `ada`, credential `secret`. */
  readonly authSecret?: string;
}

/** A TURN server on loopback. */
export interface TurnServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** It answers within 30 ms where nothing else is to do, and once took more than 10 s; in milliseconds. */
const START_MS = 30_000;

/** False where coturn is missing: scripts/install-test-tools.sh installs it. */
export const hasTurnServer = spawnSync('turnserver', ['--version'], { stdio: 'ignore' }).error === undefined;

/** What a server with a shared secret takes for so many seconds: the form of coturn's REST API. */
export function turnCredentials(authSecret: string, seconds: number) {
  const username = `${Math.floor(Date.now() / 1_000) + seconds}:ada`;
  return { username, credential: createHmac('sha1', authSecret).update(username).digest('base64') };
}

export async function startTurnServer({ port, authSecret }: TurnServerOptions = {}): Promise<TurnServer> {
  const chosen = port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'sluice-turn-'));
  const options = {
    'listening-ip': '127.0.0.1',
    'relay-ip': '127.0.0.1',
    'listening-port': chosen,
    'min-port': 50_000,
    'max-port': 59_000,
    ...(authSecret === undefined ? { user: 'ada:secret' } : { 'static-auth-secret': authSecret }),
    realm: 'sluice.test',
    pidfile: join(folder, 'pid'),
    'log-file': join(folder, 'log'),
    userdb: join(folder, 'db'),
  };
  const knows = authSecret === undefined ? '--lt-cred-mech' : '--use-auth-secret';
  const flags = ['-n', knows, '--allow-loopback-peers', '--no-tls', '--no-dtls', '--no-cli', '--simple-log'];
  const child = spawn('turnserver', [...flags, ...Object.entries(options).map(([key, value]) => `--${key}=${value}`)], {
    stdio: 'ignore',
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await until(() => answers(chosen, child), START_MS);
  } catch (cause) {
    kill();
    const words = await readFile(options['log-file'], 'utf8').catch(() => 'nothing');
    throw new Error(`turnserver does not answer at ${chosen}; it says: ${words.slice(-1_000)}`, { cause });
  }
  return {
    port: chosen,
    stop: async () => {
      kill();
      await exited;
      process.off('exit', kill);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

function answers(port: number, child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`turnserver ended with ${child.exitCode}`);
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
