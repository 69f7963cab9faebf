import type { InputsUpdate, WaitingInfo } from '@sluice/protocol';

/** Somebody who waits to be let in. */
export type WaitingParticipant = WaitingInfo;

/** Events of what participants do to each other. */
export interface ControlEvents {
  /** What a participant sent, to us or to all. `from` is a participant id. */
  readonly 'app-message': { readonly message: unknown; readonly from: string };
  /** A line of somebody else in the room's chat; `at` is ISO 8601. */
  readonly 'chat-message': {
    readonly from: string;
    readonly userName: string;
    readonly text: string;
    readonly at: string;
  };
  /** A digit of a participant. `durationMs` says how long it is. */
  readonly 'dtmf-event': { readonly sessionId: string; readonly tone: string; readonly durationMs: number };
  /**
   * An owner asks to turn inputs on which the application itself has turned off, or never on: nothing opens a microphone
   * against the will of who sits there. Say yes with `updateInputs`. `by` is a participant id.
   */
  readonly 'inputs-requested': { readonly by: string; readonly inputs: InputsUpdate };
  /** While joining: `lobby`, somebody has to let us in, and `join` waits as long as `admissionTimeoutMs` says; `full`, they did. */
  readonly 'access-state-updated': { readonly access: 'lobby' | 'full' };
  /** To those who may let them in. */
  readonly 'waiting-participant-added': { readonly participant: WaitingParticipant };
  /** Whoever waits has another name, or asks for something else. */
  readonly 'waiting-participant-updated': { readonly participant: WaitingParticipant };
  /** It was let in, turned away, or gave up. */
  readonly 'waiting-participant-removed': { readonly participant: WaitingParticipant };
}

export const controlEventNames = {
  'app-message': true,
  'chat-message': true,
  'dtmf-event': true,
  'inputs-requested': true,
  'access-state-updated': true,
  'waiting-participant-added': true,
  'waiting-participant-updated': true,
  'waiting-participant-removed': true,
} as const satisfies { readonly [K in keyof ControlEvents]: true };
