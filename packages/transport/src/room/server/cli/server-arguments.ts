import { invalidArgument } from '@sluice/core';
import type { RoomServerOptions } from '../room-server.ts';
import { meetingTokens } from '../tokens/meeting-tokens.ts';
import { type ProgramInput, readOptionFile, readOptions, readSecrets } from './read-option.ts';
import { noAdditions } from './room-program-additions.ts';

export const serverUsage = ({ usage } = noAdditions): string => `Starts a room server and tells the URL of a room.

usage: npm run room -- [options]

  --port <number>     where it listens, 0 for any free port (7880)
  --host <address>    the address it listens on (127.0.0.1)
  --tls-cert <file>   certificate and --tls-key <file>: its private key, both PEM; the server speaks HTTPS
  --insecure          beyond this machine without TLS: everybody on the path can read along and join
  --name <host>       a host name it answers to as well, as behind a proxy; several times for several
  --proxy <address>   a reverse proxy in front of it, or their network: clients are whom it names in X-Forwarded-For
  --room <name>       the room whose URL is told (hello); every other name is a room as well
  --rooms <file>      rooms from the beginning: JSON, { "<name>": { <properties> } }
  --listed            no rooms but those, and those made by the REST API
  --secret <text>     takes meeting tokens signed with it, 32 bytes at least; the new and then the old one while it is
                      changed. --secret-file <file> or SLUICE_SECRET hide it from who can list processes
  --audience <name>   the name of this server in tokens (sluice)
  --private           nobody enters any room without a token
  --api-key <text>    key of the REST API below /v1, 32 characters at least; --api-key-file <file> or SLUICE_API_KEY
                      hide it
  --metrics <number>  port of this machine with figures for Prometheus at /metrics, for the key in SLUICE_METRICS_KEY
${usage}  --open              with an echo bot and a music bot inside; --lan beside it: for the whole network, with a QR code
  -h, --help          tells this

It runs until Ctrl-C.
`;

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean', default: false } as const;

export interface ServerArguments {
  readonly help: boolean;
  readonly room: string;
  readonly server: () => RoomServerOptions;
  /** Of the additions. */
  readonly values: Readonly<Record<string, string | undefined>>;
}

/** The command line of a room server. What is wrong is thrown as a sentence, without a secret in it. */
export function serverArguments(input: ProgramInput, { options } = noAdditions): ServerArguments {
  const more: object = Object.fromEntries(options.map((option) => [option, text]));
  const values = readOptions(input, {
    ...more,
    host: { ...text, default: '127.0.0.1' },
    port: { ...text, default: '7880' },
    room: { ...text, default: 'hello' },
    'tls-cert': text,
    'tls-key': text,
    insecure: flag,
    name: texts,
    proxy: texts,
    rooms: text,
    listed: flag,
    secret: texts,
    'secret-file': texts,
    audience: { ...text, default: 'sluice' },
    private: flag,
    'api-key': texts,
    'api-key-file': texts,
    metrics: text,
    help: { ...flag, short: 'h' },
  });
  const { host, room, insecure, audience, help } = values;
  const server = (): RoomServerOptions => {
    const secrets = readSecrets({
      given: values.secret,
      files: values['secret-file'],
      variable: input.env.SLUICE_SECRET,
    });
    const apiKeys = readSecrets({
      given: values['api-key'],
      files: values['api-key-file'],
      variable: input.env.SLUICE_API_KEY,
    });
    if (values.private && secrets.length === 0) throw new TypeError('--private needs --secret: nobody could enter');
    if (apiKeys.some((key) => secrets.includes(key)))
      throw new TypeError('an API key and a secret of tokens are the same: who has one would have the other');
    return {
      host,
      port: portOf('--port', values.port),
      insecure,
      hosts: values.name ?? [],
      proxies: values.proxy ?? [],
      roomCreation: values.listed ? 'listed' : 'anyone',
      apiKeys,
      ...(values.rooms === undefined ? {} : { rooms: roomsOf(values.rooms) }),
      ...(secrets.length === 0 ? {} : { tokens: meetingTokens({ secrets, audience, guests: !values.private }) }),
      ...tlsOf(values['tls-cert'], values['tls-key']),
      ...metricsOf(values.metrics, input.env.SLUICE_METRICS_KEY),
    };
  };
  const all = values as Readonly<Record<string, unknown>>;
  const told = Object.fromEntries(options.map((option) => [option, all[option] as string | undefined]));
  return { help, room, server, values: told };
}

function portOf(option: string, given: string): number {
  if (!/^\d{1,5}$/.test(given)) throw new TypeError(`${option} is a number, not ${given}`);
  return Number(given);
}

function roomsOf(path: string): NonNullable<RoomServerOptions['rooms']> {
  const json = readOptionFile('--rooms', path);
  try {
    return JSON.parse(json);
  } catch {
    throw invalidArgument('--rooms', 'a file of JSON, { "<name>": { <properties> } }', path);
  }
}

function tlsOf(cert: string | undefined, key: string | undefined): Pick<RoomServerOptions, 'tls'> {
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined) throw new TypeError('--tls-cert and --tls-key belong together');
  return { tls: { cert: readOptionFile('--tls-cert', cert), key: readOptionFile('--tls-key', key) } };
}

function metricsOf(port: string | undefined, key = ''): Pick<RoomServerOptions, 'metrics'> {
  if (port === undefined) return {};
  if (key === '') throw new TypeError('--metrics needs a key of 32 characters at least in SLUICE_METRICS_KEY');
  return { metrics: { port: portOf('--metrics', port), key } };
}
