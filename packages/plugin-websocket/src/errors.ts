// What a media socket refuses and how it fails. No socket and no form.

import { type ErrorDetails, SluiceError } from '@sluice/core';

/** Codes of errors that are raised by this package. */
export const websocketErrorCodes = [
  'SLUICE_MEDIA_SOCKET_MESSAGE',
  'SLUICE_MEDIA_SOCKET_CLOSED',
  'SLUICE_MEDIA_SOCKET_STUCK',
] as const;
/** The code of a fault of a media socket. */
export type WebsocketErrorCode = (typeof websocketErrorCodes)[number];

/** A fault of a media socket, with one of its codes: for forms of one's own. */
export function mediaSocketError(
  code: WebsocketErrorCode,
  what: string,
  details?: ErrorDetails,
): SluiceError<WebsocketErrorCode> {
  return new SluiceError(code, what, details);
}

/** For a message that is not of its form. What it says is not repeated: it may be somebody's words. */
export function badMessage(form: string, what: string, expected: string, received: unknown): SluiceError {
  return mediaSocketError('SLUICE_MEDIA_SOCKET_MESSAGE', `the far side sent ${what} that is not of the form ${form}`, {
    expected,
    received,
    fix: 'Give mediaSocket the form that the far side speaks, with its rate and channels',
  });
}
