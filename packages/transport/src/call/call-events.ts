import { invalidArgument, nearestName, type SluiceError } from '@sluice/core';
import type { AvailableDevices } from '../devices/available-devices.ts';
import type { CpuLoad } from '../devices/load-watch.ts';
import type { RoomConnectionChange } from '../room/driver.ts';
import { type ControlEvents, controlEventNames } from './control/control-events.ts';
import { type ServiceEvents, serviceEventNames } from './control/service-events.ts';
import { type TelephonyEvents, telephonyEventNames } from './control/telephony-events.ts';
import type { NetworkStats } from './network-stats.ts';
import type { Participant, ParticipantCounts } from './participants.ts';
import type { InputSettings } from './send/inputs.ts';
import type { PublishingSettings } from './send/publishing.ts';
import type { MediaSubscription, ParticipantSubscription } from './subscriptions.ts';

/** Where a client may be in its call. */
export const callStates = ['initialized', 'joining', 'joined', 'leaving', 'left'] as const;
/** Where a client is in its call. */
export type CallState = (typeof callStates)[number];

/** `leftCall`: said goodbye. `connectionLost`: its process or its network is gone. `removed`: by somebody who may do so. `hidden`: it is there and not shown any more. */
export const leftReasons = ['leftCall', 'connectionLost', 'removed', 'hidden'] as const;
/** Why a call is over. */
export type LeftReason = (typeof leftReasons)[number];

/** Events of a call by the names they have on the wire. Getters of the client are up to date when one is emitted. */
export interface CallEvents extends ControlEvents, ServiceEvents, TelephonyEvents {
  /** The call goes from one state to the next. */
  readonly 'call-state-updated': { readonly state: CallState };
  /** Also for each of those who are there already, before `join` resolves. Those who are not shown are not told. */
  readonly 'participant-joined': { readonly participant: Participant };
  /** Somebody changed: a name, permissions, a track, whether one arrives. */
  readonly 'participant-updated': { readonly participant: Participant };
  /** Oneself too, with `removed`, when one was removed; the call is left after it. */
  readonly 'participant-left': { readonly participant: Participant; readonly leftReason: LeftReason };
  /** How many are in the room, hidden ones too. */
  readonly 'participant-counts-updated': ParticipantCounts;
  /** Somebody else speaks loudest; null where nobody is left who did. */
  readonly 'active-speaker-changed': { readonly participant: Participant | null };
  /** What is captured has changed, by `updateInputs` or an owner. */
  readonly 'inputs-updated': { readonly inputs: InputSettings };
  /** What is sent has changed, or how. */
  readonly 'publishing-updated': { readonly publishing: PublishingSettings };
  /** What is wanted of participants has changed, by id. */
  readonly 'subscriptions-updated': { readonly subscriptions: Readonly<Record<string, ParticipantSubscription>> };
  /** Profiles of subscriptions have changed, by name. */
  readonly 'subscription-profiles-updated': { readonly profiles: Readonly<Record<string, MediaSubscription>> };
  /** Every two seconds while somebody is connected, and for each `networkStats()`. */
  readonly 'network-stats-updated': NetworkStats;
  /** At every interval of a call while its observer runs; 0 to 1, see `startLocalAudioLevelObserver`. */
  readonly 'local-audio-level': { readonly audioLevel: number };
  /** The same of every remote participant, by id. */
  readonly 'remote-participants-audio-level': { readonly participantsAudioLevel: Readonly<Record<string, number>> };
  /** A virtual device of the process was made or destroyed. */
  readonly 'available-devices-updated': { readonly availableDevices: AvailableDevices };
  /**
   * `signalling`: the socket to the server. `media`: the path to one participant. `engine`: the media host died for the
   * `count`th time, `restarting`, and was replaced, `restarted`; all media is set up again.
   */
  readonly 'network-connection': NetworkConnection;
  /** The process has no time any more, or has it again; every client in a call is told. */
  readonly 'cpu-load-updated': CpuLoad;
  /** A fault that nobody awaits: a handler that threw, a call that was lost. */
  readonly error: { readonly message: string; readonly error: SluiceError };
}

/** A connection of a call that is cut or back, told apart by `kind`. */
export type NetworkConnection =
  | RoomConnectionChange
  | {
      readonly kind: 'engine';
      readonly state: 'restarting';
      /** Which restart of this call it is, from 1. */
      readonly count: number;
      /** When the next engine is started, as `Date.now()` counts; absent when no more is tried before the call ends. */
      readonly retryAt?: number;
    }
  | {
      readonly kind: 'engine';
      readonly state: 'restarted';
      /** That of the `restarting` which it ends. */
      readonly count: number;
    };

const names: { readonly [K in keyof CallEvents]: true } = {
  'call-state-updated': true,
  'participant-joined': true,
  'participant-updated': true,
  'participant-left': true,
  'participant-counts-updated': true,
  'active-speaker-changed': true,
  'inputs-updated': true,
  'publishing-updated': true,
  'subscriptions-updated': true,
  'subscription-profiles-updated': true,
  'network-stats-updated': true,
  'local-audio-level': true,
  'remote-participants-audio-level': true,
  'available-devices-updated': true,
  'network-connection': true,
  'cpu-load-updated': true,
  ...controlEventNames,
  ...serviceEventNames,
  ...telephonyEventNames,
  error: true,
};

/** The names of all events of a call. */
export const callEventNames = Object.keys(names) as readonly (keyof CallEvents)[];

/** Throws for an event that no call has, naming the nearest. */
export function checkEvent(event: unknown): void {
  const known: readonly string[] = callEventNames;
  if (typeof event === 'string' && known.includes(event)) return;
  const near = typeof event === 'string' ? nearestName(event, known) : undefined;
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw invalidArgument('event', `one of ${known.join(', ')}${hint}`, event);
}

/** Throws for an event that no call has, and for a listener that is no function. */
export function checkListener(event: unknown, listener: unknown): void {
  checkEvent(event);
  if (typeof listener !== 'function') throw invalidArgument('listener', 'a function', listener);
}
