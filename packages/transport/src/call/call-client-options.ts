import type { Clock } from '@sluice/core';
import type { CallDevices } from './call-devices.ts';
import type { OperationOptions } from './completion.ts';
import type { InputSettingsUpdate } from './inputs.ts';
import type { PublishingSettingsUpdate } from './publishing.ts';

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
