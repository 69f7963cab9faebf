import type { SluiceError } from '@sluice/core';
import type { InputSettings } from './inputs.ts';
import type { NetworkStats } from './network-stats.ts';
import type { Participant, ParticipantCounts } from './participants.ts';
import type { PublishingSettings } from './publishing.ts';
import type { MediaSubscription, ParticipantSubscription } from './subscriptions.ts';

export const callStates = ['initialized', 'joining', 'joined', 'leaving', 'left'] as const;
export type CallState = (typeof callStates)[number];

/** `leftCall`: said goodbye. `connectionLost`: its process or its network is gone. `removed`: by the server. */
export const leftReasons = ['leftCall', 'connectionLost', 'removed'] as const;
export type LeftReason = (typeof leftReasons)[number];

/** Events of a call by the names they have on the wire. Getters of the client are up to date when one is emitted. */
export interface CallEvents {
  readonly 'call-state-updated': { readonly state: CallState };
  /** Also for each of those who are there already, before `join` resolves. */
  readonly 'participant-joined': { readonly participant: Participant };
  readonly 'participant-updated': { readonly participant: Participant };
  readonly 'participant-left': { readonly participant: Participant; readonly leftReason: LeftReason };
  readonly 'participant-counts-updated': ParticipantCounts;
  readonly 'active-speaker-changed': { readonly participant: Participant | null };
  readonly 'inputs-updated': { readonly inputs: InputSettings };
  readonly 'publishing-updated': { readonly publishing: PublishingSettings };
  readonly 'subscriptions-updated': { readonly subscriptions: Readonly<Record<string, ParticipantSubscription>> };
  readonly 'subscription-profiles-updated': { readonly profiles: Readonly<Record<string, MediaSubscription>> };
  readonly 'network-stats-updated': NetworkStats;
  /** `signalling`: the socket to the server. `media`: the path to one participant. `engine`: the media
   * host died for the `count`th time and was replaced; all media is set up again. */
  readonly 'network-connection': NetworkConnection;
  /** A fault that nobody awaits: a handler that threw, a call that was lost. */
  readonly error: { readonly message: string; readonly error: SluiceError };
}

export type NetworkConnection =
  | { readonly kind: 'signalling'; readonly state: 'interrupted' | 'connected' }
  | { readonly kind: 'media'; readonly state: 'interrupted' | 'connected'; readonly participantId: string }
  | { readonly kind: 'engine'; readonly state: 'restarted'; readonly count: number };
