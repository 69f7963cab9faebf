// What breaks a link, or a message on it, in words for whoever reads it.

import type { SluiceError } from '@sluice/core';
import { fleetError } from '../errors.ts';
import { frameFault } from './wire/frame-fault.ts';
import { MAGIC, MOST_TOGETHER, PREFIX_BYTES, VERSION } from './wire/layout.ts';

/** The other side runs another version of the wire. */
export function otherVersion(version: number): SluiceError {
  return frameFault('a remote frame is of another version', {
    expected: `version ${VERSION}`,
    received: version,
    fix: 'Run one version of @sluice/fleet on both sides',
  });
}

/** Its sender failed, and said how. */
export function senderFailed(subject: string, { code, message }: { readonly code: string; readonly message: string }) {
  return fleetError('SLUICE_REMOTE_LINK_FAILED', `the sender of ${subject} failed with ${code}: ${message}`, {
    fix: 'Let the source be made anew by its supervision if the sender will be too: a factory, and restart',
  });
}

/** Somebody else receives it. */
export function otherReceiver(subject: string): SluiceError {
  return fleetError('SLUICE_REMOTE_LINK_REFUSED', `${subject} has another receiver`, {
    expected: 'one receiver for each link',
    fix: 'Branch behind one fromSubject, or give each receiver a link of its own',
  });
}

/** A frame is longer than its receiver takes. */
export function tooLarge(bytes: number, most: number): SluiceError {
  return frameFault('a remote frame is too large', {
    expected: `at most ${most} bytes`,
    received: bytes,
    fix: 'Raise maxFrameBytes of fromSubject, or make the pictures of the sender smaller',
  });
}

/** Several frames come in one message that is longer than was said to be taken. */
export function tooMuchTogether(bytes: number): SluiceError {
  return frameFault('a message of several remote frames is too long', {
    expected: `at most ${MOST_TOGETHER} bytes`,
    received: bytes,
    fix: 'See who else may publish on the subjects of this link',
  });
}

/** What came on the subject of a link does not begin as its messages do. */
export function noMessage(message: Uint8Array): SluiceError {
  return frameFault('a message on a remote link is none of its own', {
    expected: `at least ${PREFIX_BYTES} bytes, of which the first is ${MAGIC}`,
    received: `${message.length} bytes of something else`,
    fix: 'See who else may publish on the subjects of this link',
  });
}

/** Who sends and who receives has a number; this one has none. */
export function ofNobody(): SluiceError {
  return frameFault('a message on a remote link is of nobody', { expected: 'a session that is not 0', received: 0 });
}

/** A number that its sender cannot have come to. */
export function tooFarAhead(sequence: number, most: number): SluiceError {
  return frameFault('a remote frame is further ahead than its sender had credit for', {
    expected: `a number up to ${most}`,
    received: sequence,
    fix: 'See who else may publish on the subjects of this link',
  });
}

/** The connection of a link ended, or is about to. */
export function connectionClosed(cause: unknown): SluiceError {
  return fleetError('SLUICE_REMOTE_LINK_LOST', 'the connection to NATS of a remote link was closed', {
    fix: 'Close the connection after the graphs that use it',
    ...(cause instanceof Error ? { cause } : {}),
  });
}

/** A frame is none of those that its receiver asked for. */
export function otherKind(received: string, expected: string): SluiceError {
  return frameFault('a remote frame is of another kind than the source takes', {
    expected,
    received,
    fix: 'Say { kind } in fromSubject',
  });
}

/** Somebody else sends on it. */
export function otherSender(subject: string): SluiceError {
  return fleetError('SLUICE_REMOTE_LINK_REFUSED', `${subject} has another sender`, {
    expected: 'one sender for each link',
    fix: 'Give each sender a link of its own, and mix behind them',
  });
}

/** Its receiver does not take what this version sends. */
export function otherReceiverVersion(subject: string, version: number): SluiceError {
  return fleetError('SLUICE_REMOTE_LINK_REFUSED', `the receiver of ${subject} speaks another version`, {
    expected: `version ${VERSION}`,
    received: version,
    fix: 'Run one version of @sluice/fleet on both sides',
  });
}

/** Its receiver ended early. @param frames that were sent and not taken */
export function receiverGone(subject: string, frames: number): SluiceError {
  return fleetError('SLUICE_REMOTE_LINK_LOST', `the receiver of ${subject} went before it had everything`, {
    expected: 'every frame taken before the end',
    received: `${frames} frames that were sent and not taken`,
    fix: 'Keep the receiver until its source has completed',
  });
}
