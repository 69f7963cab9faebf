import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkKeys, outOfRange, SluiceError } from '@sluice/core';
import { type JanusConfig, writeJanusConfig } from './janus-config.ts';

/** How long a server may take until it listens, in milliseconds: it makes its certificate first. */
const STARTS_WITHIN_MS = 15_000;

/** How the server of {@link startJanus} is set up; without options as `npm run janus` has it. */
export interface StartJanusOptions extends Partial<Omit<JanusConfig, 'library'>> {
  /** The program. Default: `janus` of the Debian package. */
  readonly program?: string;
}

/** A Janus server of one's own, on loopback. */
export interface RunningJanus {
  /** Of its WebSocket, on loopback. */
  readonly port: number;
  /** Of its process, for tests that stop or kill it. */
  readonly pid: number;
  /** The configuration that it was started with; removed by `close`. */
  readonly folder: string;
  /** Meeting URL of a room: `janus+ws://127.0.0.1:8188/hello?create`, with TLS `janus+wss`. */
  roomUrl(room: string, query?: string): string;
  /** What it printed last. */
  log(): string;
  /** Resolves when it is gone, by itself or by `close`. */
  readonly exited: Promise<void>;
  /** Ends it by a signal and removes its folder. Default: `SIGTERM`. */
  close(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a stock Janus server with a configuration folder of its own: loopback, only the VideoRoom and the WebSocket, names for
 * rooms. It ends with this process.
 *
 * @param options `port`: 0, the default, takes a free one.
 * @throws RangeError for a port that is none; `SLUICE_JOIN_UNREACHABLE` if Janus is not installed, the port is taken, or it does not
 * start: then the message has its log.
 */
export async function startJanus(options: StartJanusOptions = {}): Promise<RunningJanus> {
  checkKeys<StartJanusOptions>('startJanus', options, {
    program: true,
    port: true,
    stringIds: true,
    videoRoom: true,
    apiSecret: true,
    tokenSecret: true,
    tls: true,
    sessionTimeoutS: true,
    reclaimTimeoutS: true,
  });
  const { program = '/usr/bin/janus', port = 0, ...rest } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw outOfRange('port', '0 to 65535', port);
  const library = installedLibrary();
  if (library === undefined || !existsSync(program)) throw notInstalled(program);
  const free = await freePort(port);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-janus-'));
  const defaults = { stringIds: true, videoRoom: true, sessionTimeoutS: 60, reclaimTimeoutS: 30 };
  await writeJanusConfig(folder, { ...defaults, ...rest, port: free, library });
  const child = spawn(program, ['-F', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  const running = runningJanus(child, rest.tls === undefined ? 'janus+ws' : 'janus+wss', free, folder);
  await listening(running, child);
  return running;
}

function runningJanus(child: ChildProcess, scheme: string, port: number, folder: string): RunningJanus {
  let log = '';
  const take = (data: Buffer) => {
    log = (log + data.toString()).slice(-4_000);
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      process.off('exit', kill);
      rmSync(folder, { recursive: true, force: true });
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  return {
    port,
    pid: child.pid ?? 0,
    folder,
    roomUrl: (room, query = '?create') => `${scheme}://127.0.0.1:${port}/${room}${query}`,
    log: () => log,
    exited,
    close: async (signal = 'SIGTERM') => {
      child.kill(signal);
      // Its own tidying may wait for a connection that is gone.
      const timer = setTimeout(kill, 2_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

async function listening(running: RunningJanus, child: ChildProcess): Promise<void> {
  const until = performance.now() + STARTS_WITHIN_MS;
  while (child.exitCode === null && child.signalCode === null && performance.now() < until) {
    if (await answers(running.port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await running.close('SIGKILL');
  throw new SluiceError('SLUICE_JOIN_UNREACHABLE', 'Janus did not start', {
    expected: `a WebSocket on 127.0.0.1:${running.port}`,
    received: running.log().trim().slice(-600),
    fix: 'Look at its log; give another port where this one is taken',
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A Janus whose port is taken says so in its log alone, and whoever has it would answer in its place. */
function freePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause) =>
      reject(
        new SluiceError('SLUICE_JOIN_UNREACHABLE', `Janus cannot listen on port ${port}`, {
          expected: 'a port of 127.0.0.1 that nobody has',
          received: cause.message,
          cause,
          fix: 'Give another port, or end what listens there',
        }),
      ),
    );
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Debian has it in a folder that is named for the machine. */
function installedLibrary(): string | undefined {
  if (!existsSync('/usr/lib')) return undefined;
  const folders = ['/usr/lib/janus', ...readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/janus`)];
  return folders.find((folder) => existsSync(join(folder, 'plugins')));
}

function notInstalled(program: string): SluiceError {
  return new SluiceError('SLUICE_JOIN_UNREACHABLE', 'Janus is not installed', {
    expected: program,
    fix: 'Install it: apt-get install janus (Debian, Ubuntu); tests do it by scripts/install-test-tools.sh',
  });
}
