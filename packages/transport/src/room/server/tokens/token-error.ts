import type { Refusal } from '@sluice/protocol';
import { RefusalError } from '../refusal.ts';

/** What is wrong with a meeting token, with the words that its bearer is told. None of them tells what stood in it. */
const faults = {
  required: 'this server lets in those with a token',
  'too-long': 'the token is longer than 8 KiB',
  malformed: 'the token is not a signed token in its compact form',
  header: 'the header of the token is not exactly alg HS256 and typ sluice-meeting+jwt',
  signature: 'the signature of the token is not of this server',
  claims: 'the claims of the token are not those of a meeting token',
  audience: 'the token is for another server',
  'not-yet': 'the token is not valid yet',
  expired: 'the token has expired',
  room: 'the token is for another room',
} as const;
/** What may be wrong with a meeting token. */
export type TokenFault = keyof typeof faults;

const refusalOf = (fault: TokenFault): Refusal =>
  fault === 'required' || fault === 'expired' ? `token-${fault}` : 'token-invalid';

/** A token that opens nothing. Neither its message nor its fields hold any of it. */
export class TokenError extends RefusalError {
  readonly code = 'SLUICE_ROOM_TOKEN';
  readonly fault: TokenFault;

  constructor(fault: TokenFault) {
    super(refusalOf(fault), faults[fault]);
    this.name = 'TokenError';
    this.fault = fault;
  }
}
