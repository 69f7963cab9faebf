// What the files of the server all speak of: who is turned away and why, properties of rooms, what a token grants, rates and
// fields from outside. Knows no room and no socket.

import type { Refusal } from '@sluice/protocol';

/** WebSocket close codes, for clients that only see the close. */
export const closeCodes: Readonly<Record<Refusal, number>> = {
  version: 4000,
  malformed: 1008,
  'illegal-order': 1008,
  'room-name': 4004,
  'room-unknown': 4004,
  'room-not-open': 4010,
  'room-expired': 4010,
  'room-full': 4003,
  'too-many-rooms': 4003,
  'token-required': 4001,
  'token-invalid': 4001,
  'token-expired': 4001,
  'token-unexpected': 4001,
  'lease-not-allowed': 4001,
  'not-admitted': 4006,
  removed: 4007,
  'too-late': 4002,
  rate: 1008,
  'slow-consumer': 4008,
  'unknown-session': 4005,
  replaced: 4009,
  busy: 1013,
  closing: 1001,
};

/** Turns a client away: it is told the code and the message, then its socket is closed. Stays inside the server. */
export class RefusalError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, message: string) {
    super(message);
    this.name = 'RefusalError';
    this.refusal = refusal;
  }
}
