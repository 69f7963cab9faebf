import { SluiceError } from '@sluice/core';
import type { TransportErrorCode } from '../../../errors.ts';
import type { PluginData } from './janus-message.ts';

type Meaning = readonly [code: TransportErrorCode, fix: string];

const server: Meaning = [
  'SLUICE_ROOM_TOKEN',
  'Give what the server itself asks for, in the meeting URL: ?apisecret= (api_secret of janus.jcfg), or ?apitoken= (token_auth there)',
];
const room: Meaning = [
  'SLUICE_ROOM_TOKEN',
  'Give what the room asks for: ?pin= or ?secret= in the meeting URL, or join(url, { token }) where it has a list of tokens',
];
const lost: Meaning = ['SLUICE_ROOM_LOST', 'Join again'];
const wrong: Meaning = ['SLUICE_ROOM_PROTOCOL', 'Check the version of Janus: this driver is made for 1.1'];
const state: Meaning = ['SLUICE_JOIN_REFUSED', 'Join again'];

/** Error codes of Janus itself (400 to 490, `apierror.h`) and of its VideoRoom plugin (421 to 499), which do not overlap in use. */
const meanings: Readonly<Record<number, Meaning>> = {
  403: server,
  405: ['SLUICE_ROOM_TOKEN', 'Have the ?apitoken= of the meeting URL made for the plugin janus.plugin.videoroom too'],
  470: server,
  458: lost,
  459: lost,
  460: [
    'SLUICE_ROOM_VERSION',
    'Install the VideoRoom plugin (janus.plugin.videoroom) there, and do not disable it in janus.jcfg',
  ],
  461: state,
  465: ['SLUICE_HOST_NEGOTIATION', 'Report it with the description that was refused'],
  472: ['SLUICE_JOIN_REFUSED', 'The server takes no new sessions: wait, or join another one'],
  423: wrong,
  424: state,
  425: state,
  426: ['SLUICE_ROOM_UNKNOWN', 'Check the name, or add ?create to the meeting URL, which makes a missing room'],
  427: state,
  428: ['SLUICE_ROOM_DENIED', 'Its publisher is not connected yet, or has left'],
  429: wrong,
  430: [
    'SLUICE_ROOM_URL',
    'Use the kind of room that this server has: digits, or names where janus.plugin.videoroom.jcfg says string_ids = true',
  ],
  432: ['SLUICE_ROOM_FULL', 'Wait until somebody leaves, or make the room with more publishers: its default is 3'],
  433: room,
  436: ['SLUICE_JOIN_REFUSED', 'Join again: another participant has this id'],
  437: ['SLUICE_HOST_NEGOTIATION', 'Report it with the description that was refused'],
};

/** The error for what Janus, or its VideoRoom, answered; `janusCode` is the number that it has there. */
export function janusError(code: number, reason: string, doing: string): SluiceError {
  const [errorCode, fix] = meanings[code] ?? wrong;
  const error = new SluiceError(errorCode, `Janus refused ${doing}: ${reason}`, { received: code, fix });
  return Object.assign(error, { janusCode: code });
}

/** Whether an error is a refusal of Janus with this number. */
export function isJanusCode(error: unknown, code: number): boolean {
  return error instanceof SluiceError && 'janusCode' in error && error.janusCode === code;
}

/** The error in an answer of the VideoRoom, if it is one. */
export function pluginError(data: PluginData, doing: string): SluiceError | undefined {
  const { error_code: code, error } = data;
  return typeof code === 'number' ? janusError(code, String(error), doing) : undefined;
}
