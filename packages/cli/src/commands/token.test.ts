import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typed, typedJson } from '../../test/typed.ts';

const secret = 'a secret that is long enough for HS256';
let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-token-'));
  file = join(folder, 'secret.txt');
  await writeFile(file, `${secret}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

describe('sluice token', () => {
  it('mints what opens the room, by a file and by the environment', async () => {
    const { code, result } = await typedJson(['token', '--room', 'hello', '--name', 'Ada', '--secret-file', file]);
    expect(code).toBe(0);
    const claims = JSON.parse(Buffer.from(result.token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ aud: 'sluice', room: 'hello', name: 'Ada' });
    expect(claims.exp - claims.iat).toBe(3_600);
    const { out } = await typed(['token', '--any-room'], { SLUICE_SECRET: secret.replaceAll(' ', '-') });
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  });

  it('says what its bearer may do, and how they begin', async () => {
    const begins = ['--start-video-off', '--start-audio-off', '--start-recording', '--eject-at-exp', '--owner'];
    const may = ['--permissions', '{"canSend":["microphone"]}', '--user-id', 'u1', '--job', 'greeter'];
    const { result } = await typedJson(['token', '--room', 'hello', '--secret-file', file, ...begins, ...may]);
    const { createMeetingToken } = await import('@sluice/transport');
    const same = await createMeetingToken({
      ...{ room: 'hello', owner: true, userId: 'u1', permissions: { canSend: ['microphone'] }, ejectAtExp: true },
      job: 'greeter',
      ...{ startVideoOff: true, startAudioOff: true, startRecording: true, lifetimeSeconds: 3_600 },
      ...{ secret, audience: 'sluice' },
    });
    const claims = (token: string) => {
      const { iat, exp, nbf, jti, ...others } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
      return others;
    };
    expect(claims(result.token)).toEqual(claims(same));
    expect(Object.keys(claims(result.token)).length).toBeGreaterThan(7);
  });

  it('signs with one secret, also where the server takes the old one too', async () => {
    const both = { SLUICE_SECRET: `${secret.replaceAll(' ', '-')} ${secret.replaceAll(' ', '+')}` };
    expect((await typed(['token', '--room', 'hello'], both)).code).toBe(2);
  });

  it.each([
    [['--room', 'a', '--permissions', '{'], 'SLUICE_CLI_USAGE', /--permissions is JSON/],
    [[], 'SLUICE_CLI_USAGE', /either --room <name> or --any-room/],
    [['--room', 'a', '--any-room'], 'SLUICE_CLI_USAGE', /either/],
    [['--room', 'a'], 'SLUICE_CLI_USAGE', /there is no secret/],
    [['--room', 'a', '--hours', 'two'], 'SLUICE_CLI_USAGE', /--hours takes a number/],
    [['--room', 'a', '--hours', '8785'], 'SLUICE_CLI_USAGE', /--hours takes a number up to 8784, not 8785/],
    [['--room', 'a', '--secret-file', '/no/such/file'], 'SLUICE_CLI_FILE', /is no file/],
  ])('refuses %j', async (args, code, message) => {
    expect(await typedJson(['token', ...args])).toMatchObject({
      code: 2,
      problems: [{ code, message: expect.stringMatching(message) }],
    });
  });
});
