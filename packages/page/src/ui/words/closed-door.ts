// What people are told: why there is no call, why a device gives nothing, what a track is called. No element of the page.

import type { Refusal } from '@sluice/protocol';

/** What is told where there is no way in, or no way back. */
export interface ClosedDoor {
  readonly title: string;
  /** What can be done about it, and by whom. */
  readonly advice: string;
  /** Whether trying again, as things are, may help. */
  readonly again: boolean;
}

/** Why there is no call: a server's refusal, or that no server was reached, or that it was lost. */
export type NoCall = Refusal | 'unreachable' | 'lost' | 'no-webrtc' | 'failed';

const link = 'Ask whoever invited you for a new link.';
const fault = 'Reload the page. If it happens again, tell whoever runs this server.';

const doors: Readonly<Record<NoCall, readonly [title: string, advice: string, again?: 'again']>> = {
  'token-required': [
    'This room needs an invitation',
    'The address has no token. Open the whole link that you were sent; it ends in #token= and many letters.',
  ],
  'token-invalid': ['This invitation is not valid here', `It is for another room or server, or not complete. ${link}`],
  'token-expired': ['This invitation has expired', link],
  'token-unexpected': [
    'This room takes no invitations',
    'The address has a token, and this server knows none. Join without it.',
    'again',
  ],
  'lease-not-allowed': ['This invitation is not for a bot', `Bots of a fleet need one that names their job. ${link}`],
  'room-full': ['The room is full', 'Try again when somebody has left.', 'again'],
  'room-unknown': ['There is no such room', 'Check the address for a slip, or ask whoever invited you.'],
  'room-expired': ['This room has closed', 'Its time is over. Ask whoever invited you for another room.'],
  'room-not-open': ['This room is not open yet', 'Try again at the time of the meeting.', 'again'],
  'room-name': ['This is no name of a room', 'Names have letters, digits, _ and -, at most 128 of them.'],
  'too-many-rooms': ['The server has no room left', 'Try again later.', 'again'],
  'not-admitted': ['You were not let in', 'Whoever decides it said no.', 'again'],
  removed: ['You were removed from the room', 'Somebody who may do so ended your part in this call.'],
  replaced: ['You joined from somewhere else', 'This call goes on in another tab or on another device.', 'again'],
  busy: ['The server is busy', 'Too many people connect at once. Try again in a moment.', 'again'],
  closing: ['The server is closing', 'Try again in a moment.', 'again'],
  rate: ['The server broke the call off', 'This page said too much at once.', 'again'],
  'slow-consumer': ['The server broke the call off', 'Your connection could not keep up. Try again.', 'again'],
  'too-late': ['The server broke the call off', 'Joining took too long. Try again.', 'again'],
  'unknown-session': ['The call is over', 'The server does not remember it. Join again.', 'again'],
  version: ['This page is too old or too new', 'The server speaks another protocol. Reload the page.'],
  malformed: ['Something went wrong', fault],
  'illegal-order': ['Something went wrong', fault],
  unreachable: ['The room cannot be reached', 'Check your network, and whether the server runs.', 'again'],
  lost: ['The call was lost', 'The connection did not come back. Check your network and join again.', 'again'],
  'no-webrtc': [
    'This browser cannot hold a call',
    'It has no WebRTC, or it is switched off. Use a current Chrome, Edge, Firefox or Safari.',
  ],
  failed: ['Something went wrong', fault, 'again'],
};

export function closedDoor(why: NoCall): ClosedDoor {
  const [title, advice, again] = doors[why];
  return { title, advice, again: again !== undefined };
}

export const noCalls = Object.keys(doors) as readonly NoCall[];
