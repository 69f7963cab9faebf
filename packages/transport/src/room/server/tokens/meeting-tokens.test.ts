import { createHmac, createSecretKey, generateKeyPairSync, sign as signAsymmetric } from 'node:crypto';
import { createSecret } from '@sluice/protocol';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { createMeetingToken } from './create-meeting-token.ts';
import { type MeetingTokens, meetingTokens } from './meeting-tokens.ts';
import { TokenError } from './token-error.ts';

const secret = 'a secret of thirty-two bytes or more, for tests';
const audience = 'meet.example.org';
const now = Date.UTC(2030, 0, 1);
const seconds = now / 1_000;

const rule = meetingTokens({ secrets: [secret], audience, now: () => now });
const base64url = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const hmac = (input: string, key: string | Uint8Array = secret, hash = 'sha256') =>
  createHmac(hash, key).update(input).digest('base64url');

const goodHeader = { alg: 'HS256', typ: 'sluice-meeting+jwt' };
const goodClaims = { aud: audience, exp: seconds + 3_600, room: 'standup', jti: 'one' };
/** A token whose signature is right, whatever header and claims say. */
const signed = (header: unknown, claims: unknown, key: string | Uint8Array = secret) => {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${hmac(input, key)}`;
};
const withHeader = (header: object) => signed({ ...goodHeader, ...header }, goodClaims);
const withClaims = (claims: object) => signed(goodHeader, { ...goodClaims, ...claims });
const without = (claim: keyof typeof goodClaims) => {
  const { [claim]: _, ...others } = goodClaims;
  return signed(goodHeader, others);
};
const good = signed(goodHeader, goodClaims);
const [headerPart, claimsPart, signaturePart] = good.split('.') as [string, string, string];
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const rsaSigned = () => {
  const input = `${base64url({ ...goodHeader, alg: 'RS256' })}.${claimsPart}`;
  return `${input}.${signAsymmetric('sha256', Buffer.from(input), rsa.privateKey).toString('base64url')}`;
};
const flipped = (part: string) => `${part[0] === 'A' ? 'B' : 'A'}${part.slice(1)}`;
/** The last letter of a signature holds four bits that mean nothing: another spelling of the same bytes. */
const respelt = (part: string) => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = letters.indexOf(part.at(-1)!);
  return `${part.slice(0, -1)}${letters[last ^ 1]}`;
};

// Each row is an attack, or a mistake of who mints. The number is how docs and people name it.
const cases: readonly [number, string, () => string | undefined, string][] = [
  [1, 'no token', () => undefined, 'required'],
  [2, 'an empty token', () => '', 'malformed'],
  [3, 'a word', () => 'letmein', 'malformed'],
  [4, 'two parts', () => `${headerPart}.${claimsPart}`, 'malformed'],
  [5, 'four parts', () => `${good}.${signaturePart}`, 'malformed'],
  [6, 'five parts, as an encrypted token has', () => `${good}.AAAA.AAAA`, 'malformed'],
  [7, 'a header that is no JSON', () => `${base64url('{')}.${claimsPart}.${signaturePart}`, 'malformed'],
  [8, 'a header that is a list', () => signed([goodHeader], goodClaims), 'malformed'],
  [9, 'claims that are no JSON', () => signed(goodHeader, '{'), 'malformed'],
  [10, 'claims that are a list', () => signed(goodHeader, [goodClaims]), 'malformed'],
  [11, 'claims that are null', () => signed(goodHeader, 'null'), 'malformed'],
  [12, 'letters that are not base64url', () => `${headerPart}.${claimsPart}.${signaturePart}+/=`, 'malformed'],
  [13, 'alg none', () => `${base64url({ ...goodHeader, alg: 'none' })}.${claimsPart}.`, 'header'],
  [14, 'alg None', () => `${base64url({ ...goodHeader, alg: 'None' })}.${claimsPart}.`, 'header'],
  [15, 'alg nOnE', () => `${base64url({ ...goodHeader, alg: 'nOnE' })}.${claimsPart}.`, 'header'],
  [16, 'alg none with a good signature', () => withHeader({ alg: 'none' }), 'header'],
  [17, 'no alg', () => signed({ typ: goodHeader.typ }, goodClaims), 'header'],
  [18, 'alg RS256 on a secret', () => withHeader({ alg: 'RS256' }), 'header'],
  [19, 'alg RS256, signed with a key pair', rsaSigned, 'header'],
  [20, 'HS256 signed with a public key', () => signed(goodHeader, goodClaims, publicPem), 'signature'],
  [21, 'alg HS512', () => withHeader({ alg: 'HS512' }), 'header'],
  [22, 'alg hs256', () => withHeader({ alg: 'hs256' }), 'header'],
  [23, 'alg as a list', () => withHeader({ alg: ['HS256'] }), 'header'],
  [24, 'no signature', () => `${headerPart}.${claimsPart}.`, 'signature'],
  [25, 'half a signature', () => `${headerPart}.${claimsPart}.${signaturePart.slice(0, 20)}`, 'signature'],
  [26, 'a signature of zeros', () => `${headerPart}.${claimsPart}.${'A'.repeat(43)}`, 'signature'],
  [
    27,
    'one letter of the signature changed',
    () => `${headerPart}.${claimsPart}.${flipped(signaturePart)}`,
    'signature',
  ],
  [28, 'one letter of the claims changed', () => `${headerPart}.${flipped(claimsPart)}.${signaturePart}`, 'signature'],
  [
    29,
    'claims of another token',
    () => `${headerPart}.${base64url({ ...goodClaims, owner: true })}.${signaturePart}`,
    'signature',
  ],
  [30, 'another secret', () => signed(goodHeader, goodClaims, createSecret()), 'signature'],
  [31, 'an empty secret', () => signed(goodHeader, goodClaims, ''), 'signature'],
  [32, 'b64 false', () => withHeader({ b64: false }), 'header'],
  [33, 'b64 false, critical', () => withHeader({ b64: false, crit: ['b64'] }), 'header'],
  [34, 'an unknown critical extension', () => withHeader({ crit: ['x'], x: 1 }), 'header'],
  [35, 'jku', () => withHeader({ jku: 'https://evil.example/keys' }), 'header'],
  [36, 'jwk', () => withHeader({ jwk: { kty: 'oct', k: base64url('evil') } }), 'header'],
  [37, 'x5u', () => withHeader({ x5u: 'https://evil.example/cert' }), 'header'],
  [38, 'x5c', () => withHeader({ x5c: ['MIIB'] }), 'header'],
  [39, 'kid with a path', () => withHeader({ kid: '../../../../dev/null' }), 'header'],
  [40, 'kid with SQL', () => withHeader({ kid: "x' UNION SELECT 'key" }), 'header'],
  [41, 'zip', () => withHeader({ zip: 'DEF' }), 'header'],
  [42, 'no typ', () => signed({ alg: 'HS256' }, goodClaims), 'header'],
  [43, 'typ JWT', () => withHeader({ typ: 'JWT' }), 'header'],
  [44, 'typ in another case', () => withHeader({ typ: 'SLUICE-MEETING+JWT' }), 'header'],
  [45, 'no exp', () => without('exp'), 'claims'],
  [46, 'exp as text', () => withClaims({ exp: String(seconds + 60) }), 'claims'],
  [47, 'exp as 1e308', () => withClaims({ exp: 1e308 }), 'claims'],
  [48, 'exp in milliseconds', () => withClaims({ exp: now + 60_000 }), 'claims'],
  [49, 'exp with a fraction', () => withClaims({ exp: seconds + 60.5 }), 'claims'],
  [50, 'exp null', () => withClaims({ exp: null }), 'claims'],
  [51, 'exp below zero', () => withClaims({ exp: -1 }), 'expired'],
  [52, 'exp beyond the leeway', () => withClaims({ exp: seconds - 5 }), 'expired'],
  [53, 'exp in more than 366 days', () => withClaims({ exp: seconds + 366 * 86_400 + 1 }), 'claims'],
  [54, 'nbf ahead', () => withClaims({ nbf: seconds + 6 }), 'not-yet'],
  [55, 'nbf as text', () => withClaims({ nbf: String(seconds) }), 'claims'],
  [56, 'iat as text', () => withClaims({ iat: 'now' }), 'claims'],
  [57, 'no aud', () => without('aud'), 'audience'],
  [58, 'aud of another server', () => withClaims({ aud: 'other.example.org' }), 'audience'],
  [59, 'aud in another case', () => withClaims({ aud: audience.toUpperCase() }), 'audience'],
  [60, 'aud as a list', () => withClaims({ aud: [audience, 'other.example.org'] }), 'claims'],
  [61, 'no room', () => without('room'), 'claims'],
  [62, 'another room', () => withClaims({ room: 'retro' }), 'room'],
  [63, 'room as a list', () => withClaims({ room: ['standup'] }), 'claims'],
  [64, 'room as a prefix', () => withClaims({ room: 'stand' }), 'room'],
  [65, 'room that ours is a prefix of', () => withClaims({ room: 'standup2' }), 'room'],
  [66, 'room in another case', () => withClaims({ room: 'Standup' }), 'room'],
  [67, 'room as *', () => withClaims({ room: '*' }), 'claims'],
  [68, 'room with a NUL behind it', () => withClaims({ room: 'standup\0' }), 'claims'],
  [69, 'room as an empty text', () => withClaims({ room: '' }), 'claims'],
  [70, 'anyRoom as text', () => signed(goodHeader, { ...goodClaims, room: undefined, anyRoom: 'true' }), 'claims'],
  [
    71,
    'anyRoom false and no room',
    () => signed(goodHeader, { ...goodClaims, room: undefined, anyRoom: false }),
    'claims',
  ],
  [72, 'anyRoom and a room', () => withClaims({ anyRoom: true }), 'claims'],
  [73, 'no jti', () => without('jti'), 'claims'],
  [74, 'an empty jti', () => withClaims({ jti: '' }), 'claims'],
  [75, 'owner as text', () => withClaims({ owner: 'false' }), 'claims'],
  [76, 'owner as 1', () => withClaims({ owner: 1 }), 'claims'],
  [77, 'is_owner, which another service understands', () => withClaims({ is_owner: true }), 'claims'],
  [78, 'permissions of a kind that is none', () => withClaims({ permissions: { canAdmin: ['everything'] } }), 'claims'],
  [
    79,
    'more permissions than a message may hold',
    () =>
      withClaims({
        permissions: {
          canReceive: {
            byUserId: Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`${n}`.padEnd(60, 'x'), true])),
          },
        },
      }),
    'claims',
  ],
  [
    80,
    'a __proto__ claim',
    () => signed(goodHeader, `{"__proto__":{"owner":true},${JSON.stringify(goodClaims).slice(1)}`),
    'claims',
  ],
  [81, 'a constructor claim', () => withClaims({ constructor: { prototype: {} } }), 'claims'],
  [82, 'a name with a line break', () => withClaims({ name: 'Ada\nowner: true' }), 'claims'],
  [83, 'a name of 513 bytes', () => withClaims({ name: 'x'.repeat(513) }), 'claims'],
  [84, 'a user id of 129 bytes', () => withClaims({ userId: 'x'.repeat(129) }), 'claims'],
  [85, '8 KiB and a byte', () => `${good}${'A'.repeat(8 * 1_024 + 1 - good.length)}`, 'too-long'],
  [86, '10 MB', () => 'A'.repeat(10_000_000), 'too-long'],
  [87, '10 MB of claims, signed', () => withClaims({ name: 'x'.repeat(10_000_000) }), 'too-long'],
  [88, 'a resume secret', () => createSecret(), 'malformed'],
  [89, 'an API key', () => `key_${createSecret()}`, 'malformed'],
  [
    90,
    'a token of another kind from the same secret',
    () => signed({ alg: 'HS256', typ: 'sluice-resume+jwt' }, goodClaims),
    'header',
  ],
  [91, 'white space around it', () => ` ${good} `, 'malformed'],
  [92, 'Bearer in front', () => `Bearer ${good}`, 'malformed'],
  [
    93,
    'claims in UTF-16',
    () => signed(goodHeader, Buffer.from(JSON.stringify(goodClaims), 'utf16le').toString('latin1')),
    'malformed',
  ],
];

const faultOf = async (rule: MeetingTokens, token: string | undefined, room = 'standup') => {
  const error = await Promise.resolve(rule(token, room)).catch((error: unknown) => error);
  if (!(error instanceof TokenError)) return error;
  expect(error.code).toBe('SLUICE_ROOM_TOKEN');
  // Nothing of the token stands in what is told of it.
  const told = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join('\n');
  if (token !== undefined && token.length > 12) expect(told).not.toContain(token.slice(0, 12));
  return error.fault;
};

describe('tokens that open nothing', () => {
  test.each(cases)('%i: %s', async (_, _name, make, fault) => {
    expect(await faultOf(rule, make())).toBe(fault);
  });

  test('are numbered without a hole', () => {
    expect(cases.map(([number]) => number)).toEqual(cases.map((_, n) => n + 1));
  });

  test('no change of one letter opens a room', async ({ task }) => {
    let tried = 0;
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=';
    const place = fc.tuple(fc.nat(good.length - 1), fc.nat(letters.length - 1));
    await fc.assert(
      fc.asyncProperty(place, async ([at, letter]) => {
        const changed = `${good.slice(0, at)}${letters[letter]}${good.slice(at + 1)}`;
        // The last letter of a part may be another spelling of the same bytes, which is the same token.
        const same = Buffer.from(changed, 'base64url').equals(Buffer.from(good, 'base64url'));
        fc.pre(changed !== good && !same && changed !== `${headerPart}.${claimsPart}.${respelt(signaturePart)}`);
        tried++;
        expect(await faultOf(rule, changed)).toEqual(expect.any(String));
      }),
      { numRuns: 500 },
    );
    task.meta.measured = [`changed tokens refused ${tried} of ${tried}`];
  });
});

describe('tokens that open a room', () => {
  test('with all that they grant', async () => {
    const permissions = { canSend: ['microphone' as const], canAdmin: true };
    const claims = {
      room: 'standup',
      owner: true,
      name: 'Ada',
      userId: 'u1',
      permissions,
      job: 'greeter',
      startVideoOff: true,
      startAudioOff: true,
      startRecording: true,
      ejectAtExp: true,
    };
    const { token, tokenId, expiresAt } = await rule.mint({ ...claims, lifetimeSeconds: 60 });
    expect(expiresAt).toBe('2030-01-01T00:01:00.000Z');
    expect(await rule(token, 'standup')).toEqual({
      tokenId,
      expiresAt: now + 60_000,
      userId: 'u1',
      userName: 'Ada',
      isOwner: true,
      permissions,
      job: 'greeter',
      ejectAtExpiry: true,
      startVideoOff: true,
      startAudioOff: true,
      startRecording: true,
    });
  });

  test('for an hour, unless told otherwise, and no id twice', async () => {
    const first = await rule.mint({ room: 'standup' });
    const second = await rule.mint({ room: 'standup' });
    expect(first.expiresAt).toBe('2030-01-01T01:00:00.000Z');
    expect(first.tokenId).not.toBe(second.tokenId);
    expect(await rule(first.token, 'standup')).toEqual({ tokenId: first.tokenId, expiresAt: now + 3_600_000 });
  });

  test('of every server of a name, made elsewhere', async () => {
    const token = await createMeetingToken({ secret: Buffer.from(secret), audience, room: 'standup', owner: true });
    const real = meetingTokens({ secrets: [secret], audience });
    expect(await real(token, 'standup')).toMatchObject({ isOwner: true });
  });

  test('up to five seconds off, as clocks are', async () => {
    expect(await faultOf(rule, withClaims({ exp: seconds - 4 }))).toMatchObject({ tokenId: 'one' });
    expect(await faultOf(rule, withClaims({ nbf: seconds + 5 }))).toMatchObject({ tokenId: 'one' });
  });

  test('from a time on', async () => {
    const { token, expiresAt } = await rule.mint({ room: 'standup', notBefore: '2030-01-02T00:00:00Z' });
    expect(expiresAt).toBe('2030-01-02T01:00:00.000Z');
    expect(await faultOf(rule, token)).toBe('not-yet');
    const later = meetingTokens({ secrets: [secret], audience, now: () => now + 86_400_000 });
    expect(await later(token, 'standup')).toMatchObject({ expiresAt: now + 90_000_000 });
  });

  test('every room, when it says so, and that is told to the log by its id', async () => {
    const info = vi.fn();
    const none = vi.fn();
    const logger = { info, error: none, warn: none, debug: none, trace: none };
    const logged = meetingTokens({ secrets: [secret], audience, now: () => now, logger });
    const { token, tokenId } = await logged.mint({ anyRoom: true });
    expect(await logged(token, 'retro')).toMatchObject({ tokenId });
    expect(await rule(token, 'standup')).toMatchObject({ tokenId });
    expect(info.mock.calls).toEqual([[{ tokenId, room: 'retro' }, 'a token for every room is used']]);
  });

  test('signed with the old secret, until it is taken away', async () => {
    const next = createSecret();
    const both = meetingTokens({ secrets: [next, secret], audience, now: () => now });
    expect(await both(good, 'standup')).toMatchObject({ tokenId: 'one' });
    const { token } = await both.mint({ room: 'standup' });
    expect(await faultOf(rule, token)).toBe('signature');
    const after = meetingTokens({ secrets: [next], audience, now: () => now });
    expect(await after(token, 'standup')).toMatchObject({ expiresAt: now + 3_600_000 });
    expect(await faultOf(after, good)).toBe('signature');
    expect(await faultOf(both, withClaims({ exp: 1 }))).toBe('expired');
  });
});

describe('guests', () => {
  test('enter where they may, and a bad token makes nobody a guest', async () => {
    const open = meetingTokens({ secrets: [secret], audience, guests: true, now: () => now });
    expect(await open(undefined, 'standup')).toEqual({});
    expect(await faultOf(open, 'letmein')).toBe('malformed');
  });
});

describe('set up wrongly', () => {
  test.each<[string, unknown, RegExp]>([
    [
      '31 bytes',
      { secrets: ['x'.repeat(31)], audience },
      /secrets\[0\].*at least 32 random bytes; received "31 bytes"/,
    ],
    ['31 bytes as the old one', { secrets: [secret, new Uint8Array(31)], audience }, /secrets\[1\]/],
    ['no secret', { secrets: [], audience }, /one or two secrets/],
    ['three secrets', { secrets: [secret, secret, secret], audience }, /one or two secrets/],
    ['a secret alone', { secrets: secret, audience }, /one or two secrets; received "string"/],
    ['a key that is none', { secrets: [createSecretKey(Buffer.from(secret))], audience }, /a text or bytes/],
    ['no audience', { secrets: [secret], audience: '' }, /the name of the server/],
    ['an unknown option', { secrets: [secret], audience, secret }, /did you mean secrets/],
  ])('%s', (_, options, message) => {
    const make = () => meetingTokens(options as Parameters<typeof meetingTokens>[0]);
    expect(make).toThrow(message);
    expect(make).not.toThrow(secret);
  });

  const claims = { secret, audience, room: 'standup' };
  test.each<[string, object, RegExp]>([
    ['a short secret', { ...claims, secret: 'short' }, /createMeetingToken\.secret/],
    ['no room', { secret, audience }, /either a room or anyRoom/],
    ['a room and every room', { ...claims, anyRoom: true }, /either a room or anyRoom/],
    ['a room that is none', { ...claims, room: 'a/b' }, /A-Z a-z 0-9 _ -/],
    ['a name from elsewhere', { ...claims, is_owner: true }, /the field owner instead/],
    ['a misspelt name', { ...claims, user_naem: 'Ada' }, /createMeetingToken\.user_naem/],
    ['another spelling', { ...claims, start_audio_off: true }, /did you mean startAudioOff/],
    ['a job without a name', { ...claims, job: '' }, /createMeetingToken\.job/],
    ['for ever', { ...claims, lifetimeSeconds: 1e9 }, /1 to 31622400/],
    ['no time at all', { ...claims, lifetimeSeconds: 0 }, /1 to 31622400/],
    ['over before it is made', { ...claims, notBefore: '2001-01-01T00:00:00Z' }, /within the next 366 days/],
    ['not a time', { ...claims, notBefore: 'tomorrow' }, /ISO 8601/],
    ['no audience', { ...claims, audience: 7 }, /the name of the server/],
    ['not an object', [], /secret/],
  ])('a token with %s', async (_, options, message) => {
    const made = createMeetingToken(options as Parameters<typeof createMeetingToken>[0]);
    await expect(made).rejects.toThrow(message);
    await expect(made).rejects.not.toThrow(secret);
  });
});
