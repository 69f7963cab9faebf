// What both sides of an embedded room hold to beyond @sluice/protocol: policies, identities, and messages with our
// errors. No socket and no media.

import { SluiceError } from '@sluice/core';
import {
  type ClientMessage,
  ProtocolFault,
  parseClientMessage,
  parseServerMessage,
  type ServerMessage,
} from '@sluice/protocol';
import type { TransportErrorCode } from '../../errors.ts';

/** Checks a message of a client. Throws `SLUICE_ROOM_PROTOCOL` or `SLUICE_ROOM_VERSION`, nothing else. */
export function readClientMessage(text: string): ClientMessage {
  return read(parseClientMessage, text);
}

/** Checks a message of a server. Throws `SLUICE_ROOM_PROTOCOL` or `SLUICE_ROOM_VERSION`, nothing else. */
export function readServerMessage(text: string): ServerMessage {
  return read(parseServerMessage, text);
}

function read<T>(parse: (text: string) => T, text: string): T {
  try {
    return parse(text);
  } catch (fault) {
    if (!(fault instanceof ProtocolFault)) throw fault;
    const { expected, received, message } = fault;
    if (fault.kind === 'malformed')
      throw new SluiceError('SLUICE_ROOM_PROTOCOL' satisfies TransportErrorCode, message, { expected, received });
    throw new SluiceError('SLUICE_ROOM_VERSION' satisfies TransportErrorCode, message, {
      expected,
      received,
      fix: 'Use the same version of @sluice/transport on both sides',
    });
  }
}
