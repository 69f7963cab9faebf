import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { notInstalled } from '../errors.ts';
import { defineCommand, type Flags } from '../terms/command.ts';
import { type ExitCode, exitCodes } from '../terms/exit-codes.ts';

const flags = {
  port: { type: 'string', value: '<number>', about: 'where it listens, 0 for any free port; default: 7880' },
  host: { type: 'string', value: '<address>', about: 'the address it listens on; default: 127.0.0.1' },
  room: { type: 'string', value: '<name>', about: 'the room whose URL is told; default: hello' },
  recordings: { type: 'string', value: '<folder>', about: 'where recordings go; default: recordings' },
  transcribe: { type: 'string', value: '<name>', about: 'what is said can be told as text, by pocketsphinx' },
  'tls-cert': { type: 'string', value: '<file>', about: 'certificate, PEM; the server speaks HTTPS' },
  'tls-key': { type: 'string', value: '<file>', about: 'its private key, PEM' },
  insecure: { type: 'boolean', about: 'beyond this machine without TLS' },
  name: { type: 'string', value: '<host>', multiple: true, about: 'a host name it answers to as well' },
  rooms: { type: 'string', value: '<file>', about: 'rooms from the beginning: JSON' },
  listed: { type: 'boolean', about: 'no rooms but those' },
  'secret-file': { type: 'string', value: '<file>', multiple: true, about: 'takes tokens signed with it' },
  audience: { type: 'string', about: 'the name of this server in tokens; default: sluice' },
  private: { type: 'boolean', about: 'nobody enters without a token' },
  'api-key-file': { type: 'string', value: '<file>', multiple: true, about: 'key of the REST API below /v1' },
  metrics: { type: 'string', value: '<number>', about: 'port with figures for Prometheus' },
} as const satisfies Flags;

export const room = defineCommand({
  name: 'room',
  summary: 'Runs a room server with its page, until Ctrl-C; tells the URL of a room',
  usage: '',
  words: { least: 0, most: 0 },
  examples: ['sluice room', 'sluice room --port 0 --json', 'sluice room --recordings talks --room standup'],
  flags,
  async run({ values, env, signal, begun }) {
    // Out of the group of this process: a Ctrl-C is handed on once, so that recordings are written.
    const child = spawn(process.execPath, [programOfRooms(), ...argumentsOf(values)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...env },
      detached: true,
    });
    const kill = () => void child.kill('SIGKILL');
    process.once('exit', kill);
    signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    const exited = once(child, 'exit');
    createInterface({ input: child.stdout }).once('line', (url) =>
      begun({ ok: true, result: { url }, text: `${url}\n` }),
    );
    const [code] = (await exited) as [number | null];
    process.off('exit', kill);
    // It has no other than 0, 1 and 2, with the meaning they have here; what went wrong it has said itself.
    return { ok: code === 0, result: null, text: '', exitCode: (code ?? exitCodes.failed) as ExitCode };
  },
});

function programOfRooms(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@sluice/recorder')), 'program/room-cli.js');
  } catch (error) {
    throw notInstalled('@sluice/recorder is not installed', 'npm install @sluice/recorder @sluice/transport', error);
  }
}

function argumentsOf(values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>): string[] {
  return Object.keys(flags).flatMap((name) => {
    const value = values[name];
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return [value].flat().flatMap((one) => [`--${name}`, `${one}`]);
  });
}
