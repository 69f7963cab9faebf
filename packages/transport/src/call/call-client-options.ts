import { type Clock, checkKeys, invalidArgument, outOfRange, SluiceError } from '@sluice/core';
import { limits } from '@sluice/protocol';
import { shownMeetingUrl } from '../room/shown-url.ts';
import type { CallDevices } from './call-devices.ts';
import { type OperationOptions, operationKeys } from './completion.ts';
import type { InputSettingsUpdate } from './send/inputs.ts';
import type { PublishingSettingsUpdate } from './send/publishing.ts';

/** What a {@link CallClient} runs by. */
export interface CallClientOptions {
  /** Default: the devices of `Daily`. */
  readonly devices?: CallDevices;
  /** Default: the real clock. */
  readonly clock?: Clock;
}

/** Inputs and publishing with which a client joins. */
export interface ClientSettings {
  /** What is captured from the beginning, as `updateInputs` takes it. Default: nothing. */
  readonly inputs?: InputSettingsUpdate;
  /** What of it is sent, and how, as `updatePublishing` takes it. Default: all of it. */
  readonly publishing?: PublishingSettingsUpdate;
}

/**
 * Which job of a fleet a client does, and under which number: one bot of a job has its place in a room. The one with a higher
 * number takes it from the one with a lower one, which has to go, and is refused afterwards.
 */
export interface JoinLease {
  /** Its name, 1 to 128 letters. */
  readonly job: string;
  /** 0 to 2^48 - 1. */
  readonly revision: number;
  /**
   * Is given what takes the place, to be called once, when the bot begins: until then it stands by and the one before speaks on.
   * What it gives resolves when that one is out of the room. Default: who joins takes the place, as in rooms that know no standby.
   */
  readonly onBegin?: (take: () => Promise<void>) => void;
}

/** Token, name and settings with which a client joins. */
export interface JoinOptions extends OperationOptions {
  /** Meeting token, for rooms that want one. */
  readonly token?: string;
  /** Which job of a fleet this client does, as a bot of `@sluice/fleet` is told. Default: none. */
  readonly lease?: JoinLease;
  /** As `setUserName`. */
  readonly userName?: string;
  /** As `setUserData`. */
  readonly userData?: unknown;
  /**
   * How long to wait for somebody to let us in, where the room has a door, in milliseconds: 1 to 86,400,000. Begins when
   * the server says that we wait; `timeoutMs` is for the time before. Default: 5 minutes.
   */
  readonly admissionTimeoutMs?: number;
  /** Inputs and publishing from the first moment in the room on. Default: what the client has already. */
  readonly clientSettings?: ClientSettings;
}

/** What a custom track means to the room. */
export interface CustomAudioTrackOptions {
  /** Its level does not make this client the active speaker. Default: false. */
  readonly ignoreAudioLevel?: boolean;
}

/** Throws for options of a client that are not valid. */
export function checkCallClient(options: CallClientOptions): void {
  if (isEventHandler(options))
    throw invalidArgument('CallClient', 'no event handler: listen with client.on(event, listener)', options);
  checkKeys<CallClientOptions>('CallClient', options, { devices: true, clock: true });
}

/** As in Python: CallClient(event_handler=handler), or the handler itself, whose methods are no keys. */
function isEventHandler(options: unknown): boolean {
  if (typeof options !== 'object' || options === null) return false;
  if ('event_handler' in options || 'eventHandler' in options) return true;
  const names = [...Object.keys(options), ...Object.getOwnPropertyNames(Object.getPrototypeOf(options) ?? {})];
  return names.some((name) => /^on(?:_|[A-Z])/.test(name));
}

/** Throws for options of `join` that are not valid. What is inside the client settings is checked where it is used. */
export function checkJoin(options: JoinOptions, completion: unknown): void {
  // As in Python: join(url, token, settings).
  if (typeof completion === 'object' && completion !== null)
    throw invalidArgument('join', 'join(url, { token, clientSettings })', completion);
  if (typeof options === 'string' || (typeof options === 'object' && options !== null && 'meeting_token' in options))
    throw invalidArgument('join', 'the token inside the options: { token }', options);
  checkKeys<JoinOptions>('join', options, {
    ...operationKeys,
    token: true,
    lease: true,
    userName: true,
    userData: true,
    admissionTimeoutMs: true,
    clientSettings: true,
  });
  const { clientSettings = {}, token, lease, admissionTimeoutMs = 1 } = options;
  if (lease !== undefined) checkLease(lease);
  if (token !== undefined && typeof token !== 'string') throw invalidArgument('token', 'a string', token);
  if (!(admissionTimeoutMs >= 1 && admissionTimeoutMs <= 86_400_000))
    throw outOfRange('admissionTimeoutMs', '1 to 86400000 milliseconds', admissionTimeoutMs);
  checkKeys<ClientSettings>('clientSettings', clientSettings, { inputs: true, publishing: true });
}

function checkLease(lease: JoinLease): void {
  checkKeys<JoinLease>('lease', lease, { job: true, revision: true, onBegin: true });
  const { job, revision, onBegin } = lease;
  if (typeof job !== 'string' || job.length === 0 || job.length > 128)
    throw invalidArgument('lease.job', 'a name of 1 to 128 letters', job);
  if (!Number.isSafeInteger(revision) || revision < 0 || revision > limits.leaseRevision)
    throw invalidArgument('lease.revision', `an integer from 0 to ${limits.leaseRevision}`, revision);
  if (onBegin !== undefined && typeof onBegin !== 'function')
    throw invalidArgument('lease.onBegin', 'a function that takes what takes the place', onBegin);
}

/** Whether a custom track's level is passed over; undefined leaves it as it is. */
export function ignoreLevel(name: string, options: CustomAudioTrackOptions): boolean | undefined {
  checkKeys<CustomAudioTrackOptions>(name, options, { ignoreAudioLevel: true });
  return options.ignoreAudioLevel;
}

/** Nobody let us in. */
export function admissionTimeout(meetingUrl: string, timeoutMs: number): SluiceError {
  return new SluiceError('SLUICE_JOIN_NOT_ADMITTED', `nobody let us in within ${timeoutMs} ms`, {
    received: shownMeetingUrl(meetingUrl),
    fix: 'Ask an owner to come and let you in, or join with a token that opens the door',
  });
}

export function joinTimeout(meetingUrl: string, timeoutMs: number): SluiceError {
  return new SluiceError('SLUICE_JOIN_TIMEOUT', `the server did not let us in within ${timeoutMs} ms`, {
    received: shownMeetingUrl(meetingUrl),
    fix: 'Check that a room server runs at this address',
  });
}
