import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { networkError } from './network-error.ts';
import { readFault } from './read-fault.ts';
import { redact } from './redact.ts';
import { retryAfterMs } from './retry-after.ts';
import { checkSecretSource, secretOf } from './secret-of.ts';
import { serviceError } from './service-error.ts';

const KEY = 'sk-proj-aB3dEf6hIj9kLmNoPq';
const identity = { model: 'chat', service: 'Example', secrets: [KEY] };

describe('serviceError', () => {
  it.each([
    [{ status: 400 }, 'give-up'],
    [{ status: 401 }, 'give-up'],
    [{ status: 402 }, 'give-up'],
    [{ status: 403 }, 'give-up'],
    [{ status: 404 }, 'give-up'],
    [{ status: 408 }, 'retry'],
    [{ status: 409 }, 'retry'],
    [{ status: 422 }, 'give-up'],
    [{ status: 429 }, 'wait'],
    [{ status: 429, code: 'insufficient_quota' }, 'give-up'],
    [{ status: 429, message: 'You have used up your credits' }, 'give-up'],
    [{ status: 500 }, 'retry'],
    [{ status: 503 }, 'retry'],
    [{ status: 503, retryAfterMs: 2_000 }, 'wait'],
    [{ status: 529 }, 'retry'],
    [{ status: 200 }, 'fall-back'],
    [{}, 'fall-back'],
    [{ status: 500, category: 'give-up' }, 'give-up'],
  ] as const)('%j: %s', (fault, category) => {
    expect(serviceError({ message: 'it failed', ...identity, ...fault })).toMatchObject({
      code: 'SLUICE_VOICE_MODEL',
      category,
      model: 'chat',
      message: expect.stringContaining('Example'),
    });
  });

  it('says how long to wait only where waiting helps', () => {
    const fault = { ...identity, message: 'too many', retryAfterMs: 1_500 };
    expect(serviceError({ ...fault, status: 429 }).retryAfterMs).toBe(1_500);
    expect(serviceError({ ...fault, status: 500 })).not.toHaveProperty('retryAfterMs');
  });

  it('names the secret that was refused and shows it nowhere', () => {
    const cause = new Error(`header "Bearer ${KEY}"`);
    const error = serviceError({ ...identity, status: 401, message: `Incorrect key: ${KEY}`, code: KEY, cause });
    expect(error.message).toContain('`apiKey`');
    expect(inspect(error, { depth: 9 })).not.toContain(KEY);
  });

  it('keeps a cause that shows nothing', () => {
    const cause = new Error('boom');
    expect(serviceError({ ...identity, message: 'it failed', cause }).cause).toBe(cause);
  });
});

describe('networkError', () => {
  it.each([
    [
      Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
      'retry',
    ],
    [Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }), 'give-up'],
    [new TypeError(`"Bearer ${KEY}" is an invalid header value`), 'give-up'],
  ])('%s', (reason, category) => {
    const error = networkError(identity, 'the request failed', reason);
    expect(error.category).toBe(category);
    expect(inspect(error, { depth: 9 })).not.toContain(KEY);
  });
});

describe('redact', () => {
  it.each([
    [`key=${encodeURIComponent('a/b+c')}`, ['a/b+c'], 'key=[hidden]'],
    [`Basic ${Buffer.from('topsecret').toString('base64')}`, ['topsecret'], 'Basic [hidden]'],
    ['Incorrect API key provided: sk-ab***wxyz. You can', [], 'Incorrect API key provided: [hidden] You can'],
    ['sent Bearer abc.def', [], 'sent [hidden]'],
    ['sent sk-proj-aB3dEf6hIj9kLmNoPq', [], 'sent [hidden]'],
    ['no Sec-WebSocket-Accept (WS_ERR_INVALID_UTF8)', [], 'no Sec-WebSocket-Accept (WS_ERR_INVALID_UTF8)'],
    ['plain words, and a 12 %', [''], 'plain words, and a 12 %'],
  ])('%s', (text, secrets, clean) => expect(redact(text, secrets)).toBe(clean));

  it('cuts', () => expect(redact('long '.repeat(1_000)).length).toBe(301));
});

describe('retryAfterMs', () => {
  const of = (headers: Record<string, string>) =>
    retryAfterMs(new Headers(headers), Date.parse('2026-01-01T00:00:00Z'));
  it.each([
    [{ 'retry-after': '3' }, 3_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '3', 'retry-after-ms': '250' }, 250],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 60_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:01:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '99999999999' }, 86_400_000],
    [{}, undefined],
  ])('%j: %s', (headers, ms) => expect(of(headers)).toBe(ms));
});

describe('readFault', () => {
  it.each([
    ['{"error":{"message":"no","code":"bad","type":"t"}}', { message: 'no', code: 'bad' }],
    ['{"error":{"message":"no","code":null,"type":"t"}}', { message: 'no', code: 't' }],
    ['{"error":"no"}', { message: 'no' }],
    ['{"detail":{"status":"quota_exceeded","message":"no"}}', { message: 'no', code: 'quota_exceeded' }],
    ['{"err_code":"INVALID_AUTH","err_msg":"no"}', { message: 'no', code: 'INVALID_AUTH' }],
    ['<html><b>502</b>\n Bad Gateway</html>', { message: '502 Bad Gateway' }],
    ['', {}],
    ['[1,2]', {}],
    ['null', {}],
  ])('%s', (body, said) => expect(readFault(body)).toEqual(said));
});

describe('secretOf', () => {
  it('prefers what open was given, and trims line ends', async () => {
    await expect(secretOf(identity, { apiKey: 'one\n' }, () => 'two', true)).resolves.toBe('one');
    await expect(secretOf(identity, {}, async () => ' two ', true)).resolves.toBe('two');
    await expect(secretOf(identity, {}, undefined, false)).resolves.toBeUndefined();
  });

  it('names a secret that is missing, and where it was looked for', async () => {
    const asked = secretOf({ ...identity, secretName: 'token' }, {}, { env: 'NO_SUCH_KEY' }, true);
    await expect(asked).rejects.toMatchObject({
      category: 'give-up',
      message: expect.stringMatching(/token.*NO_SUCH_KEY/),
    });
  });

  it('takes no key where a source is wanted, and does not show it', () => {
    expect(() => checkSecretSource('chat.apiKey', KEY)).toThrow(/chat\.apiKey/);
    expect(() => checkSecretSource('chat.apiKey', KEY)).not.toThrow(KEY);
  });

  it('hides what a function that gives it says when it fails', async () => {
    const source = () => Promise.reject(new Error('vault token sk-vault-0123456789abcdef is old'));
    const error: unknown = await secretOf(identity, {}, source, true).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ category: 'give-up' });
    expect(inspect(error, { depth: 9 })).not.toContain('0123456789abcdef');
  });
});
