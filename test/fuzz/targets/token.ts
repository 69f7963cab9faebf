import { strict as assert } from 'node:assert';
import { createHmac } from 'node:crypto';
import type { TokenGrant } from '../../../packages/transport/src/room/server/room-tokens.ts';
import { meetingTokens } from '../../../packages/transport/src/room/server/tokens/meeting-tokens.ts';
import { TokenError } from '../../../packages/transport/src/room/server/tokens/token-error.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const secret = 'a secret of thirty-two bytes or more, for tests';
const audience = 'meet.example.org';
const now = Date.UTC(2030, 0, 1);
const tokens = meetingTokens({ secrets: [secret], audience, now: () => now });

const SIGNED = 0x73;
const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url');
const header = JSON.stringify({ alg: 'HS256', typ: 'sluice-meeting+jwt' });

/** Behind an `s`: header, a line feed, and claims, which are signed as they are; no changed token would get that far. */
function tokenOf(input: Uint8Array): string {
  const text = Buffer.from(input).toString();
  if (input[0] !== SIGNED) return text;
  const end = text.indexOf('\n');
  const content = `${base64url(end < 0 ? header : text.slice(1, end))}.${base64url(text.slice(end + 1))}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

export const tokenTarget: FuzzTarget = {
  name: 'token',
  reads: 'meeting tokens, and signed ones with any header and claims',
  maxBytes: 2_048,
  seeds: async () => {
    const claims = { aud: audience, exp: now / 1_000 + 3_600, jti: 'one' };
    const { token } = await tokens.mint({
      room: 'standup',
      owner: true,
      name: 'Ada',
      permissions: { canSend: ['camera'] },
    });
    const signed = (more: object) => `s${header}\n${JSON.stringify({ ...claims, ...more })}`;
    return [
      token,
      signed({ room: 'standup' }),
      signed({
        anyRoom: true,
        owner: true,
        permissions: { canSend: [], canAdmin: ['participants'] },
        ejectAtExp: true,
      }),
      signed({ room: 'standup', name: 'Ada', userId: 'u', nbf: 5, iat: 5, iss: 'i', sub: 's', startVideoOff: true }),
    ];
  },
  run: async (input) => {
    const token = tokenOf(input);
    const grant = await grantOf(token);
    if (grant === undefined) return;
    const { expiresAt = 0, tokenId = '' } = grant;
    assert.ok(tokenId.length > 0 && expiresAt > now - 10_000 && expiresAt <= now + 367 * 86_400_000);
    // An input of ours that is not signed again is let in only as it was minted.
    if (input[0] !== SIGNED) assert.equal(grant.userName, 'Ada');
  },
};

async function grantOf(token: string): Promise<TokenGrant | undefined> {
  try {
    return (await tokens(token, 'standup')) ?? undefined;
  } catch (error) {
    if (error instanceof TokenError) return undefined;
    throw error;
  }
}
