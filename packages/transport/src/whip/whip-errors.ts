// Ends in WHIP and WHEP endpoints (RFC 9725, draft-ietf-wish-whep), and an endpoint. Nothing of rooms but what joins them.

import { SluiceError } from '@sluice/core';

/** Where an endpoint is, without what may be secret: queries hold tokens. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

export function whipUnreachable(url: URL, cause: unknown): SluiceError {
  return new SluiceError('SLUICE_WHIP_UNREACHABLE', `no endpoint answers at ${shownUrl(url)}`, {
    cause,
    fix: 'Look at the cause: whether the server runs, and whether the address is right',
  });
}

export function whipToken(url: URL, status: number): SluiceError {
  return new SluiceError('SLUICE_WHIP_TOKEN', `the endpoint at ${shownUrl(url)} does not accept the token`, {
    expected: 'a token for this endpoint',
    received: `status ${status}`,
    fix: 'Give the Bearer token of the service as `token`',
  });
}

export function whipEndpoint(url: URL, expected: string, received: string): SluiceError {
  return new SluiceError('SLUICE_WHIP_ENDPOINT', `${shownUrl(url)} does not answer as a WHIP or WHEP endpoint`, {
    expected,
    received,
    fix: 'Look at the address: it is the one for publishing or playing, not that of a page or a room',
  });
}

export function whipRefused(url: URL, status: number, text: string): SluiceError {
  return new SluiceError('SLUICE_WHIP_REFUSED', `the endpoint at ${shownUrl(url)} refused the session`, {
    received: `status ${status}${text === '' ? '' : `: ${text}`}`,
    fix: status >= 500 || status === 429 ? 'Try again later' : 'Look at what the endpoint says, and what it takes',
  });
}

export function whipAnswer(what: string, cause?: unknown): SluiceError {
  return new SluiceError('SLUICE_WHIP_ANSWER', `the endpoint's session description cannot be used: ${what}`, {
    cause,
    fix: 'Tell whoever runs the endpoint',
  });
}

export function whipLost(what: string, cause?: unknown): SluiceError {
  return new SluiceError('SLUICE_WHIP_LOST', what, {
    cause,
    fix: 'Begin a new session; where none comes up, look at firewalls and iceServers',
  });
}
