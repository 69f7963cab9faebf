import { readFile } from 'node:fs/promises';
import { noFile, notInstalled, wrongUsage } from '../errors.ts';
import { defineCommand, type Flags, type Values } from '../terms/command.ts';

const flags = {
  room: { type: 'string', value: '<name>', about: 'the room that it opens' },
  'any-room': { type: 'boolean', about: 'it opens every room of the server' },
  owner: { type: 'boolean', about: 'its bearer may do everything there' },
  name: { type: 'string', about: "its bearer's name" },
  'user-id': { type: 'string', about: "its bearer's id, which the others see" },
  permissions: { type: 'string', value: '<json>', about: 'what its bearer may do: { "canSend": ["microphone"] }' },
  job: { type: 'string', about: 'the job of a fleet whose bot its bearer may be' },
  'start-video-off': { type: 'boolean', about: 'for pages: the camera is off at first' },
  'start-audio-off': { type: 'boolean', about: 'for pages: the microphone is off at first' },
  'start-recording': { type: 'boolean', about: 'recording begins when its bearer is in' },
  'eject-at-exp': { type: 'boolean', about: 'its bearer is removed when it expires' },
  hours: { type: 'string', value: '<number>', about: 'how long it opens the room, up to 8784; default: 1' },
  audience: { type: 'string', about: 'the name of the server in tokens; default: sluice' },
  'secret-file': { type: 'string', value: '<file>', about: 'has what the server was given; default: SLUICE_SECRET' },
} as const satisfies Flags;

/** A year that has a day more. */
const MOST_HOURS = 8_784;

export const token = defineCommand({
  name: 'token',
  summary: 'Mints a meeting token and tells it',
  usage: '--room <name>',
  words: { least: 0, most: 0 },
  examples: [
    'sluice token --room hello --secret-file secret.txt',
    'sluice token --room hello --owner --name Ada --secret-file secret.txt',
    'sluice token --any-room --secret-file secret.txt --json',
  ],
  flags,
  async run({ values, env }) {
    const claims = claimsOf(values);
    const secret = await secretOf(values['secret-file'], env.SLUICE_SECRET);
    const { createMeetingToken } = await import('@sluice/transport').catch((error: unknown) => {
      throw notInstalled('@sluice/transport is not installed', 'npm install @sluice/transport', error);
    });
    const minted = await createMeetingToken({ ...claims, secret, audience: values.audience ?? 'sluice' }).catch(
      (error: Error) => {
        throw wrongUsage(error.message.replace(/^createMeetingToken\./, 'the token: '), 'sluice token --help');
      },
    );
    return { ok: true, result: { token: minted }, text: `${minted}\n` };
  },
});

/** What flags say of the token. Whether it is one is checked where it is minted. */
export function claimsOf(values: Values<typeof flags>) {
  const { room, owner, name, hours = '1' } = values;
  if ((room === undefined) !== values['any-room'])
    throw wrongUsage('sluice token needs either --room <name> or --any-room', 'sluice token --help');
  if (!/^\d+(?:\.\d+)?$/.test(hours) || Number(hours) > MOST_HOURS || Number(hours) === 0)
    throw wrongUsage(`--hours takes a number up to ${MOST_HOURS}, not ${hours}`, 'sluice token --help');
  return {
    ...(room === undefined ? { anyRoom: true as const } : { room }),
    ...(owner ? { owner } : {}),
    ...(name === undefined ? {} : { name }),
    ...(values['user-id'] === undefined ? {} : { userId: values['user-id'] }),
    ...(values.permissions === undefined ? {} : { permissions: permissionsOf(values.permissions) }),
    ...(values.job === undefined ? {} : { job: values.job }),
    ...(values['start-video-off'] ? { startVideoOff: true } : {}),
    ...(values['start-audio-off'] ? { startAudioOff: true } : {}),
    ...(values['start-recording'] ? { startRecording: true } : {}),
    ...(values['eject-at-exp'] ? { ejectAtExp: true } : {}),
    lifetimeSeconds: Math.round(Number(hours) * 3_600),
  };
}

/** Which of them there are is checked where the token is minted. */
function permissionsOf(json: string) {
  try {
    return JSON.parse(json);
  } catch {
    throw wrongUsage('--permissions is JSON, as { "canSend": ["microphone"] }', 'sluice token --help');
  }
}

/** No flag has the secret itself: who lists processes sees flags. */
async function secretOf(file: string | undefined, variable: string | undefined): Promise<string> {
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      throw noFile(file, error);
    });
    return text.trim();
  }
  // A server takes several while its secret is changed.
  const [secret, ...others] = (variable ?? '').split(/\s+/).filter((word) => word !== '');
  if (secret === undefined)
    throw wrongUsage('there is no secret: give --secret-file, or set SLUICE_SECRET', 'sluice token --help');
  if (others.length > 0) throw wrongUsage('a token is signed with one secret: give the new one by --secret-file');
  return secret;
}
