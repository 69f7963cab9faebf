import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { renderUnicodeCompact } from 'uqr';
import { notInstalled, wrongUsage } from '../errors.ts';
import { endsWithUs, ownGroup } from '../processes/ends-with-us.ts';
import { freePort } from '../serving/free-port.ts';
import { openInBrowser } from '../serving/open-in-browser.ts';
import { type OwnCertificate, ownCertificate } from '../serving/own-certificate.ts';
import { hostsOf, isLoopback, reachedAt } from '../serving/reached-at.ts';
import { type Call, defineCommand, type Flags, type Outcome, type Problem, type Values } from '../terms/command.ts';
import { type ExitCode, exitCodes } from '../terms/exit-codes.ts';
import { portOf } from '../terms/port.ts';

/** Where a room server is looked for. */
const PORT = 7_880;
const ROOM_NAME = /^[\w-]{1,128}$/;
/** How much of what it says of a fault is kept. */
const TOLD_CHARS = 4_096;

/** What the program of the server is told. */
const serverFlags = {
  port: { type: 'string', value: '<number>', about: 'where it listens, 0 for any free port; default: 7880' },
  host: { type: 'string', value: '<address>', about: 'the address it listens on; default: 127.0.0.1' },
  room: { type: 'string', value: '<name>', about: 'the room whose URL is told; default: hello' },
  recordings: { type: 'string', value: '<folder>', about: 'where recordings go; default: recordings' },
  transcribe: { type: 'string', value: '<name>', about: 'what is said can be told as text, by pocketsphinx' },
  'tls-cert': { type: 'string', value: '<file>', about: 'certificate, PEM; the server speaks HTTPS' },
  'tls-key': { type: 'string', value: '<file>', about: 'its private key, PEM' },
  insecure: { type: 'boolean', about: 'beyond this machine without TLS' },
  name: { type: 'string', value: '<host>', multiple: true, about: 'a host name it answers to as well' },
  proxy: {
    type: 'string',
    value: '<address>',
    multiple: true,
    about: 'a reverse proxy before it, or its network: clients are whom it names',
  },
  rooms: { type: 'string', value: '<file>', about: 'rooms from the beginning: JSON' },
  listed: { type: 'boolean', about: 'no rooms but those' },
  'secret-file': { type: 'string', value: '<file>', multiple: true, about: 'takes tokens signed with it' },
  audience: { type: 'string', about: 'the name of this server in tokens; default: sluice' },
  private: { type: 'boolean', about: 'nobody enters without a token' },
  'api-key-file': { type: 'string', value: '<file>', multiple: true, about: 'key of the REST API below /v1' },
  metrics: { type: 'string', value: '<number>', about: 'port with figures for Prometheus' },
} as const satisfies Flags;

const flags = {
  ...serverFlags,
  https: { type: 'boolean', about: 'with a certificate made for it: phones give a microphone, after a warning' },
  open: { type: 'boolean', about: 'opens the room in a browser' },
} as const satisfies Flags;

export const room = defineCommand({
  name: 'room',
  summary: 'Runs a room server with its page, until Ctrl-C; tells the URL of a room',
  usage: '',
  words: { least: 0, most: 0 },
  examples: ['sluice room --open', 'sluice room --https --host 0.0.0.0', 'sluice room --port 0 --json'],
  flags,
  endsInOrder: true,
  async run(call) {
    const { values, env, signal, json, begun, say } = call;
    const { host = '127.0.0.1' } = values;
    checkDoors(values, host);
    const program = programOfRooms();
    const own = values.https ? await ownCertificate(hostsOf(host, values.name)) : undefined;
    const tls = own === undefined ? [] : ['--tls-cert', own.certFile, '--tls-key', own.keyFile];
    const port = values.port ?? `${await freePort(PORT, host)}`;
    if (values.port === undefined && port !== `${PORT}`) say(`port ${PORT} is taken; this room is at ${port}`);
    // It writes its recordings before it ends.
    const child = spawn(process.execPath, [program, ...argumentsOf({ ...values, port }), ...tls], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env },
      ...ownGroup,
    });
    endsWithUs(child, signal);
    const remove = () => own?.remove();
    let told = '';
    child.stderr.on('data', (data) => (told = `${told}${data}`.slice(0, TOLD_CHARS)));
    process.once('exit', remove);
    const exited = once(child, 'close');
    createInterface({ input: child.stdout }).once('line', async (listens) => {
      await own?.forgetKey();
      const outcome = reached(call, new URL(listens), own);
      begun(outcome);
      if (!json) child.stderr.pipe(process.stderr);
      if (values.open && !(await openInBrowser(outcome.result.url, env))) say('no browser could be opened');
    });
    const [code] = (await exited) as [number | null];
    process.off('exit', remove);
    remove();
    // It has no other than 0, 1 and 2, with the meaning they have here.
    if (code === exitCodes.usage) throw wrongUsage(firstParagraph(told), 'sluice room --help');
    const problems = code === 0 || told === '' ? [] : [{ message: told.trim() }];
    return { ok: code === 0, result: null, text: '', problems, exitCode: (code ?? exitCodes.failed) as ExitCode };
  },
});

/** Behind it stands how the program of the server is called, which is not called by anybody here. */
function firstParagraph(told: string): string {
  return told.split('\n\n')[0]!.trim();
}

/** What the server would refuse, in words of this command. */
function checkDoors(values: Values<typeof flags>, host: string): void {
  if (values.port !== undefined) portOf('room', values.port);
  if (values.room !== undefined && !ROOM_NAME.test(values.room))
    throw wrongUsage(`--room takes 1 to 128 of A-Z a-z 0-9 _ -, not ${values.room}`, 'sluice room --help');
  const isCertified = (values['tls-cert'] ?? values['tls-key']) !== undefined;
  if (values.https && isCertified)
    throw wrongUsage('--https makes a certificate, and --tls-cert has one: one of them', 'sluice room --help');
  if (!isLoopback(host) && !values.https && !isCertified && !values.insecure)
    throw wrongUsage(
      `${host} is reached by others: add --https, --tls-cert and --tls-key, or --insecure`,
      'sluice room --help',
    );
}

/** Tells where it is, and what other machines will not do there. The picture has the address alone, and no token. */
function reached({ values, isTerminal }: Call<typeof flags>, listens: URL, own: OwnCertificate | undefined) {
  const { url, others } = reachedAt(listens, values.name);
  const [best] = others;
  const lines = [...new Set([url, ...others])];
  const picture = isTerminal && best !== undefined ? `\n${renderUnicodeCompact(best, { border: 2 })}\n\n` : '';
  const trust = own === undefined ? {} : { certificate: own.certFile, fingerprint: own.fingerprint };
  const token = values.private ? { next: `sluice token --room ${values.room ?? 'hello'}` } : {};
  return {
    ok: true,
    result: { url, others, ...trust },
    text: `${lines.join('\n')}\n${picture}`,
    problems: [...warnings(values.host, listens, others), ...(own === undefined ? [] : [untrusted(own)])],
    ...token,
  } satisfies Outcome;
}

function warnings(host: string | undefined, listens: URL, others: readonly string[]): readonly Problem[] {
  if (host !== undefined && others.length === 0 && listens.hostname !== '127.0.0.1' && listens.hostname !== '[::1]')
    return [{ message: 'this machine has no address in a network: the room is on it alone' }];
  if (others.length === 0 || listens.protocol === 'https:') return [];
  return [
    {
      message:
        'over http, browsers of other machines get no camera and no microphone, and everybody on the path can read along',
      fix: `sluice room --https --host ${host}`,
    },
  ];
}

function untrusted({ certFile, fingerprint }: OwnCertificate): Problem {
  return {
    message: `browsers warn of its certificate, which was made just now; the one to go on with has SHA-256 ${fingerprint}`,
    fix: `NODE_EXTRA_CA_CERTS=${certFile} node bot.js`,
  };
}

function programOfRooms(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@sluice/recorder')), 'program/room-cli.js');
  } catch (error) {
    throw notInstalled('@sluice/recorder is not installed', 'npm install @sluice/recorder @sluice/transport', error);
  }
}

function argumentsOf(values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>): string[] {
  return Object.keys(serverFlags).flatMap((name) => {
    const value = values[name];
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return [value].flat().flatMap((one) => [`--${name}`, `${one}`]);
  });
}
