import { type Clock, checkKeys, invalidArgument, SluiceError } from '@sluice/core';
import type { CallDevices } from './call-devices.ts';
import { type OperationOptions, operationKeys } from './completion.ts';
import type { InputSettingsUpdate } from './send/inputs.ts';
import type { PublishingSettingsUpdate } from './send/publishing.ts';

export interface CallClientOptions {
  /** Default: the devices of `Daily`. */
  readonly devices?: CallDevices;
  /** Default: the real clock. */
  readonly clock?: Clock;
}

export interface ClientSettings {
  readonly inputs?: InputSettingsUpdate;
  readonly publishing?: PublishingSettingsUpdate;
}

export interface JoinOptions extends OperationOptions {
  /** Meeting token, for rooms that want one. */
  readonly token?: string;
  readonly clientSettings?: ClientSettings;
}

export interface CustomAudioTrackOptions {
  /** Its level does not make this client the active speaker. Default: false. */
  readonly ignoreAudioLevel?: boolean;
}

/** Throws for options of `join` that are not valid. What is inside the client settings is checked where it is used. */
export function checkJoin(options: JoinOptions): void {
  if (typeof options === 'string') throw invalidArgument('join', 'the token inside the options: { token }', options);
  checkKeys<JoinOptions>('join', options, { ...operationKeys, token: true, clientSettings: true });
  const { clientSettings = {} } = options;
  checkKeys<ClientSettings>('clientSettings', clientSettings, { inputs: true, publishing: true });
}

/** Whether a custom track's level is passed over; undefined leaves it as it is. */
export function ignoreLevel(name: string, options: CustomAudioTrackOptions): boolean | undefined {
  checkKeys<CustomAudioTrackOptions>(name, options, { ignoreAudioLevel: true });
  return options.ignoreAudioLevel;
}

export function joinTimeout(meetingUrl: string, timeoutMs: number): SluiceError {
  return new SluiceError('SLUICE_JOIN_TIMEOUT', `the server did not let us in within ${timeoutMs} ms`, {
    received: meetingUrl,
    fix: 'Check that a room server runs at this address',
  });
}
