import { SluiceError } from '@sluice/core';

/** Why a socket is closed: no token in time or a wrong one. */
export const CLOSE_DENIED = 4_401;

/** What those who look may do beside looking at numbers. */
export interface Access {
  readonly token: string;
  /** Sound, pictures, words. */
  readonly media: boolean;
  /** Messages to nodes. */
  readonly control: boolean;
}

/** @throws SLUICE_INSPECTOR_DENIED unless it is allowed */
export function mustAllow(access: Access, what: 'media' | 'control'): void {
  if (access[what]) return;
  throw denied(what === 'media' ? 'sound and pictures may not be looked at' : 'nodes may not be sent messages', {
    fix:
      what === 'media'
        ? 'Give inspector() media: true, or SLUICE_INSPECT=media'
        : 'Give inspector() allowControl: true, or SLUICE_INSPECT=control',
  });
}

export function denied(what: string, details: { readonly fix: string }): SluiceError {
  return new SluiceError('SLUICE_INSPECTOR_DENIED', what, details);
}
