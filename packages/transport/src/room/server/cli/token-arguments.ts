import type { MeetingTokenOptions } from '../tokens/create-meeting-token.ts';
import { type ProgramInput, readOptions, readSecrets } from './read-option.ts';

export const tokenUsage = `Mints a meeting token and tells it, nothing else, on standard output.

usage: npm run --silent token -- --room <name> [options]

  --room <name>         the room that it opens; --any-room: every room of the server
  --owner               its bearer may do everything there
  --name <text>         its bearer's name
  --user-id <text>      its bearer's id, which the others see
  --permissions <json>  what its bearer may do: { "canSend": ["microphone"], "canAdmin": false }
  --start-video-off, --start-audio-off   for pages: camera or microphone are off at first
  --start-recording     recording begins when its bearer is in
  --eject-at-exp        its bearer is removed when it expires
  --hours <number>      how long it opens the room, up to 8784 (1)
  --audience <name>     the name of the server in tokens (sluice)
  --secret <text>       what the server was given. --secret-file <file> or SLUICE_SECRET hide it from who can list
                        processes
  -h, --help            tells this
`;

const flag = { type: 'boolean' } as const;
const text = { type: 'string' } as const;

/** The command line of what mints: the token's options, or undefined for who only wants to know how it is used. */
export function tokenArguments(input: ProgramInput): MeetingTokenOptions | undefined {
  const { help, hours, audience, secret, permissions, ...values } = readOptions(input, {
    room: text,
    'any-room': flag,
    owner: flag,
    name: text,
    'user-id': text,
    permissions: text,
    'start-video-off': flag,
    'start-audio-off': flag,
    'start-recording': flag,
    'eject-at-exp': flag,
    hours: { ...text, default: '1' },
    audience: { ...text, default: 'sluice' },
    secret: text,
    'secret-file': text,
    help: { ...flag, short: 'h' },
  });
  if (help === true) return undefined;
  if (!/^\d+(?:\.\d+)?$/.test(hours)) throw new TypeError(`--hours is a number, not ${hours}`);
  if (values.room === undefined && values['any-room'] !== true)
    throw new TypeError('there is no room: say --room <name>, or --any-room for every room of the server');
  const [key, ...others] = readSecrets({
    given: secret === undefined ? [] : [secret],
    files: values['secret-file'] === undefined ? [] : [values['secret-file']],
    variable: input.env.SLUICE_SECRET,
  });
  if (key === undefined) throw new TypeError('there is no secret: say --secret-file, or set SLUICE_SECRET');
  if (others.length > 0) throw new TypeError('a token is signed with one secret: name the new one');
  const wish = {
    room: values.room,
    anyRoom: values['any-room'],
    owner: values.owner,
    name: values.name,
    userId: values['user-id'],
    permissions: permissions === undefined ? undefined : permissionsOf(permissions),
    startVideoOff: values['start-video-off'],
    startAudioOff: values['start-audio-off'],
    startRecording: values['start-recording'],
    ejectAtExp: values['eject-at-exp'],
    lifetimeSeconds: Math.round(Number(hours) * 3_600),
  };
  const told = Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
  return { ...told, secret: key, audience };
}

function permissionsOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new TypeError('--permissions is JSON, as { "canSend": ["microphone"] }');
  }
}
