import { checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import {
  type Ask,
  limits,
  type PermissionsUpdate,
  permissionsUpdate,
  type RemoteParticipantUpdate,
  remoteParticipantUpdate,
  utf8Bytes,
} from '@sluice/protocol';
import { checkSettings } from '../check-settings.ts';
import { lacksCapability } from './capability.ts';
import { checkUserName } from './profile.ts';

/** By participant id; `*` stands for all who wait. */
export type WaitingParticipantsUpdate = Readonly<
  Record<
    string,
    {
      /** True lets them in, false sends them away. */
      readonly grantRequestedAccess: boolean;
    }
  >
>;

/** Digits that are dialled, and to whom. */
export interface DtmfSettings {
  /** Participant id. Default: all others. */
  readonly sessionId?: string;
  /** 1 to 64 of `0-9 A-D * # , w`. */
  readonly tones: string;
  /** Milliseconds, 40 to 6,000. Default: 100. */
  readonly digitDurationMs?: number;
  /** How they travel. `sip-info` and `telephone-event` need a room with telephony. Default: `auto`. */
  readonly method?: 'auto' | 'sip-info' | 'telephone-event';
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As a browser sends them. */
const DIGIT_MS = 100;

/** Throws for what is no participant id. */
export function checkId(name: string, id: unknown): string {
  if (typeof id !== 'string' || !ID.test(id)) throw invalidArgument(name, 'a participant id (a UUID)', id);
  return id;
}

/** Throws for what is no list of participant ids. */
export function checkIds(name: string, ids: unknown, { least = 1 } = {}): string[] {
  if (!Array.isArray(ids)) throw invalidArgument(name, 'an array of participant ids', ids);
  if (ids.length < least || ids.length > limits.participants)
    throw outOfRange(name, `${least} to ${limits.participants} participant ids`, ids.length);
  return ids.map((id, index) => checkId(`${name}.${index}`, id));
}

export function checkPermissions(name: string, permissions: unknown): PermissionsUpdate {
  return checkSettings<PermissionsUpdate>(permissionsUpdate, name, permissions);
}

export function checkParticipantUpdates(updates: unknown): Record<string, RemoteParticipantUpdate> {
  const entries = entriesOf('updates', updates);
  if (entries.length > limits.participants)
    throw outOfRange('updates', `at most ${limits.participants} participants`, entries.length);
  return Object.fromEntries(
    entries.map(([id, update]) => [
      checkId('updates', id),
      checkSettings<RemoteParticipantUpdate>(remoteParticipantUpdate, `updates.${id}`, update),
    ]),
  );
}

/** Who is let in and who is turned away, of those who wait. */
export function checkWaitingUpdates(
  updates: unknown,
  waiting: readonly string[],
): { readonly admitted: string[]; readonly refused: string[] } {
  const granted = new Map<string, boolean>();
  for (const [id, update] of entriesOf('updates', updates)) {
    const name = `updates.${id}`;
    checkKeys<WaitingParticipantsUpdate[string]>(name, update, { grantRequestedAccess: true });
    const { grantRequestedAccess } = update as { readonly grantRequestedAccess?: unknown };
    if (typeof grantRequestedAccess !== 'boolean')
      throw invalidArgument(`${name}.grantRequestedAccess`, 'true or false', grantRequestedAccess);
    for (const one of id === '*' ? waiting : [checkId('updates', id)])
      if (id !== '*' || !granted.has(one)) granted.set(one, grantRequestedAccess);
  }
  const those = (answer: boolean) => [...granted].filter(([, grant]) => grant === answer).map(([id]) => id);
  return { admitted: those(true), refused: those(false) };
}

export function checkChat(text: unknown, userName: unknown): Ask {
  if (typeof text !== 'string' || /(?![\t\n])[\p{Cc}\p{Cs}]/u.test(text))
    throw invalidArgument('message', 'a text without control characters', text);
  const bytes = utf8Bytes(text);
  if (bytes < 1 || bytes > limits.appMessageBytes)
    throw outOfRange('message', `1 to ${limits.appMessageBytes} bytes`, bytes);
  if (userName === undefined || userName === null) return { ask: 'chat', text };
  checkUserName(userName);
  return { ask: 'chat', text, userName };
}

export function checkDtmf(settings: DtmfSettings): Ask {
  checkKeys<DtmfSettings>('sendDtmf', settings, {
    sessionId: true,
    tones: true,
    digitDurationMs: true,
    method: true,
  });
  const { sessionId, tones, digitDurationMs = DIGIT_MS, method = 'auto' } = settings;
  if (typeof tones !== 'string' || !/^[0-9A-Da-d*#,w]{1,64}$/.test(tones))
    throw invalidArgument('tones', '1 to 64 of 0-9 A-D * # , w', tones);
  if (!Number.isInteger(digitDurationMs) || digitDurationMs < 40 || digitDurationMs > 6_000)
    throw outOfRange('digitDurationMs', '40 to 6000 milliseconds, a whole number', digitDurationMs);
  if (method !== 'auto') throw dtmfMethod(method);
  return {
    ask: 'dtmf',
    ...(sessionId !== undefined && { to: checkId('sessionId', sessionId) }),
    tones,
    digitDurationMs,
  };
}

function dtmfMethod(method: unknown): Error {
  if (method === 'sip-info' || method === 'telephone-event') return lacksCapability(`sendDtmf by ${method}`, 'sip', []);
  return invalidArgument('method', 'auto, sip-info or telephone-event', method);
}

function entriesOf(name: string, value: unknown): [id: string, value: unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidArgument(name, 'an object with an entry for each participant id', value);
  return Object.entries(value);
}
