// Meeting tokens: minting them, and the one place where they are believed. Knows no room, no socket and no HTTP, and
// tells nobody what stood in a token.

import type { KeyObject } from 'node:crypto';
import { checkKeys, invalidArgument } from '@sluice/core';
import { limits } from '@sluice/protocol';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Logger } from '../../../logger.ts';
import { readFields } from '../read-fields.ts';
import type { TokenGrant, VerifyToken } from '../room-tokens.ts';
import { checkAudience, type MeetingTokenClaims, type MintedToken, mintToken } from './create-meeting-token.ts';
import { grantOf, MOST_SECONDS, meetingClaims, namesItsRooms, TOKEN_ALGORITHM, TOKEN_TYPE } from './meeting-claims.ts';
import { TokenError, type TokenFault } from './token-error.ts';
import { type TokenSecret, tokenKey } from './token-key.ts';

/** How far the clocks of who mints and who verifies may be apart, in seconds. */
const LEEWAY_SECONDS = 5;
/** Three parts of base64url; decoders pass over what stands in between. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Secrets and rules of {@link meetingTokens}. */
export interface MeetingTokensOptions {
  /**
   * The secret that tokens are signed with; while it is being changed the new one and then the old one. Each at least
   * 32 random bytes.
   */
  readonly secrets: readonly TokenSecret[];
  /** The name of this server; tokens for another one are refused. */
  readonly audience: string;
  /** Whether those without a token enter rooms that are not private. Default: false, a token is needed for any room. */
  readonly guests?: boolean;
  /** Is told of tokens that open every room, by their id. Default: none. */
  readonly logger?: Logger;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

/** A rule for `startRoomServer({ tokens })` that mints as well. */
export interface MeetingTokens extends VerifyToken {
  /** A token that this rule takes. */
  mint(claims: MeetingTokenClaims): Promise<MintedToken>;
  /** Whether those without a token enter rooms that are not private. */
  readonly guests: boolean;
}

/**
 * Lets in who has a meeting token that was signed with one of the secrets. The algorithm is HS256 whatever a token says;
 * header and claims are exactly those of a meeting token, everything else is refused.
 *
 * @returns The rule for `startRoomServer({ tokens })`. It rejects with `TokenError`, which says what is wrong with a token
 * and nothing of what stood in it.
 * @throws TypeError for a secret of less than 32 bytes, none, or more than two.
 */
export function meetingTokens(options: MeetingTokensOptions): MeetingTokens {
  checkKeys<MeetingTokensOptions>('meetingTokens', options, {
    secrets: true,
    audience: true,
    guests: true,
    logger: true,
    now: true,
  });
  const { secrets, audience, guests = false, logger, now = Date.now } = options;
  if (!Array.isArray(secrets) || secrets.length < 1 || secrets.length > 2)
    throw invalidArgument('meetingTokens.secrets', 'a list of one or two secrets', typeof secrets);
  checkAudience('meetingTokens.audience', audience);
  const keys = secrets.map((secret, n) => tokenKey(`meetingTokens.secrets[${n}]`, secret));

  const verify = async (token: string | undefined, room: string): Promise<TokenGrant> => {
    if (token === undefined) {
      if (guests) return {};
      throw new TokenError('required');
    }
    const claims = await claimsOf(token, keys, { audience, now: now() });
    if (claims.room !== undefined && claims.room !== room) throw new TokenError('room');
    if (claims.anyRoom) logger?.info({ tokenId: claims.jti, room }, 'a token for every room is used');
    return grantOf(claims);
  };
  return Object.assign(verify, {
    guests,
    mint: (wish: MeetingTokenClaims) => mintToken('token', { key: keys[0]!, audience, wish, now: now() }),
  });
}

async function claimsOf(token: string, keys: readonly KeyObject[], expected: { audience: string; now: number }) {
  // Before anything is decoded, so that what is too long costs nothing.
  if (token.length > limits.tokenBytes) throw new TokenError('too-long');
  if (!COMPACT.test(token)) throw new TokenError('malformed');
  checkHeader(token);
  const payload = await payloadOf(token, keys, expected);
  try {
    const claims = readFields('claims', meetingClaims, payload);
    if (namesItsRooms(claims) && claims.exp <= expected.now / 1_000 + MOST_SECONDS) return claims;
  } catch {
    // What is wrong with a claim would tell the claim.
  }
  throw new TokenError('claims');
}

/** Exactly two entries: nothing that would choose another key, another algorithm or another reading. */
function checkHeader(token: string): void {
  let header: object;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    throw new TokenError('malformed');
  }
  const { alg, typ, ...others } = header as Record<string, unknown>;
  if (alg !== TOKEN_ALGORITHM || typ !== TOKEN_TYPE || Object.keys(others).length > 0) throw new TokenError('header');
}

async function payloadOf(
  token: string,
  keys: readonly KeyObject[],
  { audience, now }: { audience: string; now: number },
): Promise<JWTPayload> {
  let fault: TokenFault = 'signature';
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [TOKEN_ALGORITHM],
        typ: TOKEN_TYPE,
        audience,
        requiredClaims: ['exp'],
        clockTolerance: LEEWAY_SECONDS,
        currentDate: new Date(now),
      });
      return payload;
    } catch (error) {
      // The library's errors carry the claims: they end here.
      fault = faultOf(error);
      if (fault !== 'signature') break;
    }
  }
  throw new TokenError(fault);
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWTExpired) return 'expired';
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'malformed';
  if (error.claim === 'aud') return 'audience';
  return error.claim === 'nbf' && error.reason === 'check_failed' ? 'not-yet' : 'claims';
}
